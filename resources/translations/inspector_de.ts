<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de">
<context>
    <name>Inspector</name>
    <message>
        <source> (main)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> (smoothed {mean:.2f}, spread ± {spread:.2f})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> It is read between two steps of the analysis of {other}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> It stopped at the same frame as before; Start and End in the settings can exclude it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> The list shows the status of the others.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> Those in {listed} are deleted too.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> and </source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> and {count} more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> or </source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> px per frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>% of face size</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n entries of yours (notes, marks, decisions) come with it.</source>
        <comment>%n entry of yours (notes, marks, decisions) comes with it.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n face scores.</source>
        <comment>%n face score.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n frames</source>
        <comment>%n frame</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n frames analysed</source>
        <comment>%n frame analysed</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n frames decoded, {analysed} analysed</source>
        <comment>%n frame decoded, {analysed} analysed</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more parts are in the report</source>
        <comment>%n more part is in the report</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more were not added.</source>
        <comment>%n more was not added.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n parts of the clip could not be decoded.</source>
        <comment>%n part of the clip could not be decoded.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n pictures behind the I picture</source>
        <comment>%n picture behind the I picture</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n places</source>
        <comment>%n place</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;About</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Add clips …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Analyse</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Boxes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Change keys …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Compare</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Export case …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Export report …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Find the exhibit&apos;s file …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Fit the picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Go to …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Heat map</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Keys and controls</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Landmarks</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Mute</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;New case …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Next suspicious segment</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Open case …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Open …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Play or pause</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Previous exhibit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Previous suspicious segment</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Save picture …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Signal lanes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Stop all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Stop the analysis</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Worst frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>, cropped by the container</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>, signed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A face is followed through one shot; the same person in another shot is another face in this list.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A frame (120), seconds (4.2), a time (1:02.5), a timecode (00:00:04:05) or a pts (pts 90000)  (G)
Escape returns the focus to the player</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A heat map shows where the network looked, not what was changed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A high probability is no proof either: blur, make-up, filters and compression raise it. See its error rate.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A kind of manipulation that the detector was not trained on may go unnoticed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A low probability does not prove that a clip is unaltered: new or heavily compressed manipulations are missed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A signed report shows that nobody changed it after you. The key is a file with a passphrase of its own, which is asked for each time and kept nowhere.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A track of a clip with fewer scored frames is inconclusive.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>About Deepfake Inspector</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Above 1 shadows get brighter, below 1 darker</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add &amp;bookmark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add clips and stills</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add clips and stills to the list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add clips and stills, or drop them on the window.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add note</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add to clip</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add to frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add to the case</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add {clip} to the case {case}, or only open it?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add {clip} to the case, or only open it?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Added to the case: {added}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Address, not fetched</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Aligned by the {by}; unfiltered pixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All keys and controls</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An earlier analysis was interrupted; it can be resumed where it stopped.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Anal&amp;yse all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Analyse</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Analyse again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Analyse all exhibits, one after another</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Analyse every</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Analyse only every n-th frame.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Analyse this clip</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Analysed before</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Analyses are running: wait for them or stop them, then create the case.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Analysis</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Analysis is running</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Apply</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Assumed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Blinks of the selected track: {sum}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Blurring other areas raises the score, so the check cannot tell what the marked area adds to it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bookmark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bookmark the current frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Boxes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Calibrated on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Case</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Case: {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cases and case files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change it to compare with another bundle, or to repeat an older result.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change of each pixel since the previous frame: flicker and jumps of a face</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change the keys of actions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change the text of the selected note, or the label of the selected bookmark or picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Changed below, under Advanced. The report lists every setting that is not the default.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Changes within the stream</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose or create a folder for the case</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose the file of exhibit {label} ({name})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose the file of this exhibit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose the folder of a case</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose the folder …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose the key that signs the report, or make a new one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose the new location of the selected exhibit&apos;s file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose where to create the folder of the lanes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose where to create the report&apos;s folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose your key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clear in and out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clear the selection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Click a field and press a key. The cross in a field clears it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Click in the timeline, drag its ruler</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Click on a finding or face</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Click to go to the face&apos;s worst frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Click to go to the first frame of this face</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clip</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clips and stills</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clips opened in this session</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close the window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close-&amp;up of the face</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close-up</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close-up in full si&amp;ze</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close-up of the face</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close-up of the face in full size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Codec</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Coding</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colour</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colours of the window.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare by &amp;wipe</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Comparing the SHA-256 of {name} …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Comparison</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Computing the SHA-256 of %n files …</source>
        <comment>Computing the SHA-256 of a file …</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Computing the first heat map …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Computing the heat map …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Conclusion</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Contact sheet and frames for a search by picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Container</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Container tags</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Content of the file: Content Credentials, structure, tags, coding</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Controls</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy result</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Create a case to keep them together in one folder, with notes and analyses.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Create a folder for several exhibits; the listed clips become its first exhibits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Creating the case in {folder} …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dark, light, or high contrast</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dashed in the lanes. Between them the detector errs too often, so the result is inconclusive.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Deep look</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Deep look, frames per second</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Defaults</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete the analyses, notes and decisions of {name} for good? The clip and its reports stay.{also}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete what this computer keeps of the clip: analyses, notes, decisions, and its place in the recent clips</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Deletion check: {result}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Detection confidence</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Detector</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Device</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Device that runs the network.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Difference to the previous frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Difference to the same frame saved again as JPEG: areas with another compression history may stand out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Do not publish before other evidence supports it: this is an indication, not a proof.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Do not publish on this result.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Double-click for the full size, and again to go back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Double-click on the picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Double-click to name this face</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drag in a lane</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drag the picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drop a clip here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Duration</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Edit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>End</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>End the range at the current frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Error level</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Error level, high-pass residual, difference, optical flow, and back to the picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Esc</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Every frame by both networks, and small faces are searched for five times as often. For the clip that you will write about; without a GPU it takes many times as long.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Every frame by the small network, some frames of each face by the large one. For a first answer, on any computer. The error rates were measured with it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Everything that can change a result: model, device, thresholds</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Examiner</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Exhibit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Exhibit {label} ({name}) was removed from the list; its files are kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Exhibit {name}, {status}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Exhibits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export again …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export all shown lanes as CSV…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export case</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export “{name}” as CSV…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Face</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Face {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Faces</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Faces found with less confidence are ignored.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Faces to score</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Faces turned further to the side are not scored.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Faces with a lower Laplacian variance are not scored.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Faces with less of their box in the frame are not scored.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>False negatives</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>False positives</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fi&amp;lters</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>File</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fill empty fields by the info.json that lies beside the clip</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filmstrip</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filters</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filters off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filters, make-up, restoration and strong compression can look like manipulation to the detector.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find file …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find the file …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Findings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Findings, faces and the reasons for frames without a score are shown here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>First frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fit the picture into the window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Flags of the decoder: key frame, picture type (I, P, B), interlaced, corrupt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Focus the player</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>For clips the detector errs too often to conclude anything: every clip is inconclusive.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>For stills the detector errs too often to conclude anything: every still is inconclusive.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Forget this &amp;clip …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Frame number in display order, from 0, and the number of frames</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Frame of side {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Frame, seconds or pts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Frames</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Frames before this time are not analysed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Frames from this time on are not analysed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Frames of each track that the deep network sees; 8 to 64 in all.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Frames that the deep network sees: some of each track (on a GPU all), none, or all, which takes long.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From {start} s to {end} s the mean frame probability is {mean}; the probability of the whole track is {value}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From {time}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gamma</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give the selected face a name for lanes, card and report</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to a frame, time, timecode or pts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to the next control</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to the peak of the next suspicious segment</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to the peak of the previous suspicious segment</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to the worst frame of the selected face, which findings, list and report name, too</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Going to frame {index} …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>HDR</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Handled by</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hash lists</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Heat map</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Heat map method</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Heat map of {source} ({method}), {here}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Heat maps are computed while the clip is paused</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Heat maps come with a running or finished analysis</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Help</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hide advanced settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hide details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>High-pass residual</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>History</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How it is coded, not part of the score</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How often the detector errs was not measured.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How often the rule was wrong on faces whose truth was known. On other material it can be worse.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How strongly each face in each frame resembles the manipulations the detector was trained on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How the file is built</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How the file was read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How thorough</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How to &amp;read a result</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How to read a result</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>I agree …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>I disagree …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Imported, not verified here: this installation did not make this analysis. Analyse the clip again to verify it. It comes from: {origin}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In and out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Include</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Inconclusive</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Indicated</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Interval between searches for small faces (0: never).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It is not signed: {error}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It scores faces only. Voices, backgrounds, text and cuts are not scored.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It was made with other settings or another model than the present ones.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>JPEG quality</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep decision</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep the current frame as A and compare it with the player&apos;s frame as B</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Key file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keys (*.pem)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keys (*.pem);;All files (*)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keys and controls</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Label</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Label of the selected exhibit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Label of this exhibit in the list and on the report cover</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Landmarks</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Landmarks: off, points, contours, mesh</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lanes of the timeline</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Language</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Language of the window, from the next start on; reports are in English.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Laptop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leave it empty to use “{face}” again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leave it: the error rates were measured with this value.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leave it; cpu repeats a result to the last bit.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Legend</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Levels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Levels at or below black become 0, at or above white 255</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Levels, gamma, sharpening and views of the pixels; scores do not change</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Libraries</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Licence</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Limits of this model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Limits set on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Limits, clips</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Limits, stills</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loading the detector …
The first scores come as soon as it is ready.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lower it if a face that you see has no lane, raise it if other things have one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lower it if small faces appear only briefly.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lower it only for clips of a few frames.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Maximum yaw</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measured errors per {level}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measured on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Memory for decoded frames; more of it speeds up stepping back.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Method that computes the heat map.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Middle or Shift-drag, Shift-wheel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Minimum face size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Minimum scored frames</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Minimum sharpness</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Minimum visible share</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model {name} {version}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Most faces have no score. {reasons}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mouse</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mouth of {face}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move it while zoomed in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Movement of each point since the previous frame: dark for none, bright for the full scale</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name of the model bundle.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name this fa&amp;ce …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name this face …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name {face}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ne&amp;xt exhibit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ne&amp;xt filter view</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Network</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Never seen in training or tests</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New key …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New note</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next &amp;face</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next &amp;theme</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No clip is open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No clip is open.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No data leaves this computer. The program is licensed under the Apache License 2.0; its file NOTICE names the work of others that it contains.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No detector was installed, so the tool says nothing about this clip.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No face could be scored.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No face was found, so there is nothing to plot.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No frame of this track could be scored.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No further suspicious segment after this frame.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No further suspicious segment before this frame.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No heat map here: no face of this frame was scored</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No heat map: it could not be computed. Switch heat maps off and on to try again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No heat map: there is no model bundle</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No model bundle is installed, so nothing is scored. Clips still play, and an analysis finds faces, landmarks and signals.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No model bundle is installed: clips play and faces are found, but nothing is scored.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No model bundle is installed: the analysis finds faces, landmarks and signals, but scores nothing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No model bundle was loaded, so nothing was scored.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No picture at this point: {problem}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not analysed yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not scored</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not scored: {reasons}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Note</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Note on a selection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Note on the &amp;selection …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Note …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Notes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Notes, bookmarks and pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing about this clip can be saved: {parent} cannot be created ({strerror}); free some space there or change its permissions, and open the clip again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing was scored</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Now: {state}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Number of the stream of pictures that is analysed; without one, the main stream.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>O&amp;ne frame forward</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Observed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Obtained how</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Obtained on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Of 100 faces</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Of 100 unmanipulated faces the detector wrongly flags {wrong}; of 100 manipulated ones it flags {caught} and misses or leaves undecided {others}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Once the clip is analysed, each face&apos;s probability is plotted here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One frame b&amp;ack</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One frame back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One frame forward</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One report for each analysed exhibit, with its own cover, and a list of all exhibits. What you choose here holds for all of them; you choose the folder next.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only for bundles that were trained on whole frames.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only {count} frames could be scored; at least {least} are needed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opacity of the heat map</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open &amp;recent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open PDF</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a clip</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a clip …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a clip, a still or a case file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open or add to the case?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open recent &amp;case</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the &amp;demo clip</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the clip that comes with the program</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the folder of a case</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open this exhibit (double-click, Enter)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opening stream {number} of {name} …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opening the case in {path} …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opening {name} and comparing its SHA-256 …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opening {name} and computing its SHA-256 …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Optical flow</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Organisation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Original or copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Other pictures in the file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Out of date: the settings have changed since. Analyse again to use them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Overview of the whole clip</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Own settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>PNG (*.png)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pages of the landmark signals</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Panels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Passphrase of the key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Path</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Picture cache</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pictures in the file: {text}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pixel aspect</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Play &amp;backwards</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Play &amp;forwards</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Play backwards; press again to play faster</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Play forwards; press again to play faster</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Play or pause</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Playback</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Presentation time stamp, which identifies the frame in the file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Preset</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Press the control</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Prob.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Problem</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Progress of the analysis</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Raise it for hours of material; short manipulations may then be missed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Raise it if the curve flickers too much to be read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Raise it if the suspicious passage is shorter than a second.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recent cases</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recent clips</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recorded beside the file by a downloader, not verified</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Redo what was undone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove the in and out points</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove this exhibit from the list; its files are not deleted (Del)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Report</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Report cover</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reset</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reset all settings; your name is kept</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Resume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Resume analysis</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SHA-256</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SHA-256 of it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sampling</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save &amp;view …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save change</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the frame&apos;s pixels as a lossless PNG that describes its source</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the picture as shown, with overlays and zoom, as a PNG</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saved {path} without overlays (Save view keeps them).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saved {path}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scanning</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Score every frame of the clip, or continue a stopped analysis</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Score the whole frame instead of face crops.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scored</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scores are computed from the unfiltered frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scroll in time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Se&amp;ttings …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Section {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Seek</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select a range</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select the next face</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Set &amp;in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Set &amp;out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Set it to examine one passage of a long clip.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Set the in and out points to the selection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settings …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sharpen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show a longer time range</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show a shorter time range</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show advanced settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show both pictures over each other with an edge to drag, or side by side</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show face boxes with number and probability</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show one screen pixel per picture pixel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the close-up in place of the picture, and back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the decoded picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the next exhibit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the picture, or a view that is computed from it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the player&apos;s frame on this side; switch off to keep the current frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the previous exhibit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the selected face, its heat map and the neighbouring frames</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the signals of the selected face in the timeline</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the whole clip in the timeline</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the whole frame, or one face aligned by its eyes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show where the network looked in this frame&apos;s face crop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shown of this file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Side by side</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Side {name} follows the player</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sign with my key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Signature</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Signed manifest</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Small-face search</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Smaller faces are not scored.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Smoothing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sound</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sound, not part of the score</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sound: {name} from {start:.2f} to {end:.2f} s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sound: {text}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Source</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Space, Enter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Speed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Speed of playback</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start the range at the current frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>State</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop all analyses; their results so far are kept</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop the analysis; its results so far are kept</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stored as</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stream</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stream {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Structure: {format}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Suspicious segment</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Swap</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Swap sides A and B</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Switch off all filters and show the decoded picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Switch the sound off or on; it plays only forwards at 1×</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tab</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tags in the file, not verified</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ten frames back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ten frames forward</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>That is about the same: the marked area matters no more than any other.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The analysis has started; the first scores will appear here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The analysis process is loading the detector …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The analysis scores every face in every frame. No data leaves this computer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The analysis was stopped before the end of the clip.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The analysis was stopped; it can be resumed from here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The clip is being analysed; stop its analysis before it is forgotten.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The conclusion</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The deep look has seen only {count} frames; at least {least} are needed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The deep look&apos;s mean score over {count} frames is {value}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The deep look&apos;s score is {value}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The evidence for it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The face is shown here when the analysis has reached this frame.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The face is {size} pixels high; most faces that the detector learnt have {least} or more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file changed during the analysis or cannot be read any more: its SHA-256 differs.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file is being read.{behind}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file was not read, because the analysis process ended: {message}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file was not read: {message}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The frame of side {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The frame rate of this clip varies, so a timecode with frames is undefined; type a time instead.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The frame where a face scores highest; P goes to it. Look at the face there, and compare.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The frame without its smooth part: noise, edges and blending seams around middle grey</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The heat map comes after the analysis of {elsewhere}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The key is made. Keep {name} and its passphrase safe, and give this fingerprint to those who will check your reports: {made}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The lanes cannot be written to {folder}: {reason}; choose another folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The lanes were exported to {folder}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The last frame of the clip is {index}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The map is empty on its track&apos;s scale: it marks no area, so the deletion check does not apply.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model bundle was removed, so faces are found but not scored; restore it and analyse again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The note that you typed is not added yet: add it, or close again to discard it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The picture&apos;s probability {value} is at most {limit}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The picture&apos;s probability {value} lies between {low} and {high}, where errors are too frequent for a conclusion.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The picture&apos;s probability {value} reaches {limit}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>The report is in {folder} (%n files{signed}).</source>
        <comment>The report is in {folder} (%n file{signed}).</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>The report will show both frames as decoded and filtered.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The report will show both frames.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The report will show this frame as decoded and filtered.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The report will show this frame.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The reports of {done} of {count} exhibits are in {folder}{signed}. {problem}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The result was copied as text.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The score depends on the marked area less than on others.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The score depends on the marked area more than on others.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The score rises without the marked area: the area speaks against manipulation, or blurring itself looks like manipulation to the network. The check cannot tell which.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The selection contains no clip or still.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The sound was not examined, because the analysis process ended: {message}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The sound was not examined: {message}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The stream of pictures that is shown and analysed; each has its own analyses and notes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The tool reports; you conclude.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The tool says nothing about that face, neither for nor against it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The tool says nothing about this clip: check it by other means.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The track&apos;s probability {value} is at most {limit}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The track&apos;s probability {value} lies between {low} and {high}, where errors are too frequent for a conclusion.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The track&apos;s probability {value} reaches {limit}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The window changes its language when the program is started again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Theme</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no picture to save at this point.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no suspicious segment in this clip.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is nothing in these lanes to export yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>These settings affect the results. They are recorded in the case and in the report.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This does not show that the clip is unmanipulated: check it by other means before you publish.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This file was analysed here before ({when}), {where}: {conclusion}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This map does not explain the score; do not use it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This position is outside the clip, which ends at {time}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This stands on page one. The report is a folder with a PDF, tables and pictures; you choose where next.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Thorough</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Thresholds</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Thresholds, deep look off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Time base</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Time ruler</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Time since the first frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Timecode since the first frame (hours:minutes:seconds:frames; milliseconds if the frame rate varies)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Timeline</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tools</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Trained on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Trust list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try another one where a heat map does not explain the score.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try the demo clip</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Two limits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type a frame (120), seconds (4.2), a time (1:02.5), a timecode (00:00:04:05) or a pts (pts 90000).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type a passphrase for the new key first; nobody can restore it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>URL</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Undo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Undo the last note, bookmark or decision</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unsharp mask: increases the contrast of edges</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use the analysis of {when}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use the analysis of {when}, with its notes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use the downloader&apos;s record</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Usual causes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Validation, in C2PA&apos;s own words</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Versions, model and licences</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Video or still image. It is played and analysed on this computer; no data leaves it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>View</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>View of the picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Voice, silence</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What a probability means and does not mean</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What could not be scored, and why.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What each conclusion means for a publication</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What is this face called in lanes, card and report? The tool identifies nobody: the name is yours.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What it can tell</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What it cannot tell</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What side {name} shows</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the colours and patterns mean</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the file says about itself. None of it is part of the score.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the timeline shows</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What this tool can and cannot &amp;tell</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What this tool can and cannot tell</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wheel over the picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wheel over the timeline</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where the network looked, not what was changed. A grey one explains nothing; do not use it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where to keep the new key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Which parts of the clip, and of the face, to examine more closely.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Who examines?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Whole clip</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Whole clip in timeline</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Whole frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Width of the centred mean of frame probabilities.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wipe</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>With {count} face tracks in one clip it is likelier that one of them is flagged wrongly.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Withdraw</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Working</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Worst</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Worst frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Worst frame and heat map</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write a note on the selection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write a note on the selection, or on the range between in and out if nothing is selected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write the evidence report into a folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write the report of each analysed exhibit and a list of all exhibits into a folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Writing the list of exhibits …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Writing the report of exhibit {label}; {left} left …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Writing the report to {folder} …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You agree that the tool&apos;s result supports neither answer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You agree with this finding.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You can keep viewing the clip; scores appear in the timeline as they are computed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You consider the question answered by other evidence; say which, and which way.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You do not agree with this finding.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your last changes are not saved: free some disk space and save again, or close again to discard them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your name stands beside your decisions and on the report. It is remembered on this computer only.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your name, for the cover of new cases and for your notes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your note</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your note on {start} to {end}. It is printed in the report.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your observations. The report prints them apart from the tool&apos;s results.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your organisation, for the cover of new cases.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your reason is printed in the report beside the finding:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom &amp;in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom &amp;out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom at the pointer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom in time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom in, or fit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom the timeline to the selection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom timeline in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom timeline out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a voice is heard</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>about {count}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>after I</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>aligned by the box</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>aligned by the eyes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>all {count}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>all: for a clip that matters; off: for a first look through hours of material.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>amount</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>an observation on landmarks, not part of the score</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>an observation on the file, not part of the score</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>an observation on the sound, not part of the score</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>analysed elsewhere: open it to use that</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>analysed: {conclusion}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>another examiner</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>another file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>as decoded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>auto</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>between the limits: inconclusive</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>between {low:.2f} and {high:.2f}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>bit rate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>black</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>blink {row} of {count}: {length}, {span}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>blinks</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>bookmark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>bookmark: {label}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>box</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>change</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>combing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>constant</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>contours</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>corrupt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>dark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>de</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>deep look</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>deep look, decides</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>deep {deep:.2f}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>degrees</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>each frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>empty here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>en</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>error rate not measured</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>eye aspect ratio</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>eyes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>face covered or cut off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>face too blurred</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>face too small</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>face turned away</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>failed: {reason}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>false positives</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>false positives of this rule: {rate} of {n_real} unmanipulated tracks (95 % interval {low} to {high})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>fast look</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>fast look, screening</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>fast {probability:.2f}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>fewer than one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>file missing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>follows player</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>found</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>frame </source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>frame probability</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>frame {index}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>frame {index} at {time}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>frame {index} of {total}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>frame {probability:.2f}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>frames</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>frames in a row over the upper limit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>from pts {start} up to {end}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>from {time}: {reason}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>full scale</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>gain</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>gap: no picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>gap: {reason}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>grey levels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>grey levels squared</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>hardly any support against manipulation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>hardly any support for manipulation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>heat map</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>high contrast</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>in and out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>in the case “{case_name}”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>in {folder}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>inconclusive</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>interlaced</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>intra area</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>key frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>landmark jitter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>licence in its package</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>light</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>likelihood ratio {ratio}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>loading the detector …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>loudest at {middle:.1f} kHz, {level:.0f} dBFS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>manipulation indicated</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>manipulations missed or left undecided</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>mean score: indicated from {high}, not indicated up to {low}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>mesh</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>mirrored and rotated {angle}°</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>missing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>moderate support against manipulation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>moderate support for manipulation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>moderately strong support against manipulation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>moderately strong support for manipulation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>mouth opening</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>muted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>muted: not at 1×</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>n = %n manipulated tracks</source>
        <comment>n = %n manipulated track</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>n = %n unmanipulated tracks</source>
        <comment>n = %n unmanipulated track</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>never</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no audio device</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no face</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no face found</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no face to score</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no key chosen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no lower limit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no manipulation indicated</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no probability</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no scale for this track</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no support for either side</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no upper limit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>none</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>none could be set: always inconclusive</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>none installed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not analysed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not checked yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not counted: under {rate:.0f} frames/s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not in this frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not measured</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not scored</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not scored: {reason}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not seen by the deep look</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not set</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>note</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>note by {author}: {text}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>nothing is marked here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>number {row} of {count}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>observations with usual causes: see the File tab</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>observed stretches</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>packet size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>partly analysed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>picture damaged</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>pitch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>place in group</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>points</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>private session</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>probability {value:.2f}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>progressive</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>quantiser</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>radius</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ratio</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>roll</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>rotated {angle}°</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>running: %n frames</source>
        <comment>running: %n frame</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>running: loading the detector</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>running: {percent} %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>seam: time stamps not continuous</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>seam: {reason}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>segment of high probability</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>segment, mean probability {mean:.2f}, peak {peak:.2f}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>sharpness</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>shot begins</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>silence</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>smoothed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>smoothed frame probability of {segment:.2f} or more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>sound</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>sound cannot be decoded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>sound off after an error of the program</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>spectrogram</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>spread, 1 σ</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>square</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>still</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>stopping …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>strong support against manipulation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>strong support for manipulation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>system</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the check cannot tell what this area adds</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the clip has no such frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the crop that is scored</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the examiner agrees</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the examiner disagrees</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the other {count}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the rule&apos;s {false_positives}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the rule&apos;s {false_positives} and {missed}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the rule&apos;s {missed}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the score rises without this area</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this area matters less than others</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this area matters more than others</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this area matters no more than others</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this face is not in this frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>tone-mapped to standard range for display and scoring</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>track of a clip</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>track or still, fast network alone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>track probability of {high:.2f} or more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>tracks and stills together, shipped weights</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>unchanged area</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>unknown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>unnamed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>up to {largest:.3g} here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>variable</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>voice and silence</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>weak support against manipulation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>weak support for manipulation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>white</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>whole tracks between {low:.2f} and {high:.2f} are inconclusive</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>yaw</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>yes (not scored)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{action}: key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{action}: second key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{codec}, {pix_fmt}, {bit_depth} bit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} in {seconds:.1f} s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{deep:.2f} by the deep look</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{done} of {count} exhibits are analysed.{rest}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{done} of {total}</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>{duration:.0f} ms, %n frames</source>
        <comment>{duration:.0f} ms, %n frame</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>{face} is not in this frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{face} · frame {index}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{frames} in the stream, none declared</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{frames} in the stream, {declared} declared</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{key} is used by {actions}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{kind} {rate} ({counted}, 95 % interval {low} to {high})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{left} beside {right}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{low:g} to {high:g}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{method}, face&apos;s scale</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{n_real} unmanipulated, {n_fake} manipulated; {licence}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is already in the list, as exhibit {label}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is available again, unchanged.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is forgotten.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is no longer in {parent}: restore it before you analyse it or write a report, or open it at its new path; its notes and its analysis are kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} was changed by another program since it was opened; open it again to see its content.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} · not scored: {reason}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name}, network {network}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name}: not scored</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name}: {look} (fast look, for screening: {value:.2f})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{network}, {input_size} px crops</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{other}: different from the analysis on the screen, which becomes out of date.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} cannot be written ({reason}); choose another folder or free some space.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} contains no clip yet; open the clip itself.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{primaries} / {transfer} / {matrix}, range {range}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{rate:.0f} frames/s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{rate:.1f} frames/s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{rate:.3f} frames/s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{rate} ({low} to {high}), n = {n}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{ratio} (95 % interval {low} to {high}): {support}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{ratio} (95 % interval {low} to {high}; none beyond {least} and {most} is stated): {support}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{ratio}, too little for a conclusion</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{reason} But after a mild change of the picture the score no longer clearly points that way ({changes}), so no conclusion is drawn.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{reason} From {start} s to {end} s every frame that the deep look saw reaches the upper limit: examine that stretch.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{reason} {count} short track(s) were left out.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{rule}: {start:.2f} to {end:.2f} s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{score}, between {low} and {high}, where errors are too frequent for a conclusion.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{score}, but for clips no limits could be set at which errors are rare enough for a conclusion.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{score}, but for stills no limits could be set at which errors are rare enough for a conclusion.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{score}, which is at most the lower limit of {limit}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{score}, which reaches the upper limit of {limit}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{size_bytes:,} bytes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{time_base} s, starts at pts {start_pts}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{time} left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{time} · frame {index} · pts {pts}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{title} · not scored: {reason}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{total:.1f} s of voice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{value:.1f} blinks per minute (an observation, not part of the score)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{value} (track&apos;s scale)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{who} agrees</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{who} disagrees</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>γ</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
