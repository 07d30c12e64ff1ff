<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de">
<context>
    <name>Inspector</name>
    <message>
        <source> (main)</source>
        <translation> (Haupt)</translation>
    </message>
    <message>
        <source> (smoothed {mean}, spread ± {spread:.2f})</source>
        <translation> (geglättet {mean}, Streuung ± {spread:.2f})</translation>
    </message>
    <message>
        <source> It is read between two steps of the analysis of {other}.</source>
        <translation> Sie wird zwischen zwei Schritten der Analyse von {other} gelesen.</translation>
    </message>
    <message>
        <source> It stopped at the same frame as before; Start and End in the settings can exclude it.</source>
        <translation> Sie hielt beim selben Einzelbild an wie zuvor; mit Anfang und Ende in den Einstellungen lässt es sich ausschließen.</translation>
    </message>
    <message>
        <source> The list shows the status of the others.</source>
        <translation> Die Liste zeigt den Stand der übrigen.</translation>
    </message>
    <message>
        <source> Those in {listed} are deleted too.</source>
        <translation> Die in {listed} werden ebenfalls gelöscht.</translation>
    </message>
    <message>
        <source> and </source>
        <translation> und </translation>
    </message>
    <message>
        <source> and {count} more</source>
        <translation> und {count} weitere</translation>
    </message>
    <message>
        <source> or </source>
        <translation> oder </translation>
    </message>
    <message>
        <source> px per frame</source>
        <translation> px je Einzelbild</translation>
    </message>
    <message>
        <source>% of face size</source>
        <translation>% der Gesichtsgröße</translation>
    </message>
    <message numerus="yes">
        <source>%n entries of yours (notes, marks, decisions) come with it.</source>
        <comment>%n entry of yours (notes, marks, decisions) comes with it.</comment>
        <translation>
            <numerusform>%n eigener Eintrag (Notizen, Marken, Entscheidungen) wird übernommen.</numerusform>
            <numerusform>%n eigene Einträge (Notizen, Marken, Entscheidungen) werden übernommen.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n face scores.</source>
        <comment>%n face score.</comment>
        <translation>
            <numerusform>%n Gesichtswert.</numerusform>
            <numerusform>%n Gesichtswerte.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n frames</source>
        <comment>%n frame</comment>
        <translation>
            <numerusform>%n Einzelbild</numerusform>
            <numerusform>%n Einzelbilder</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n frames analysed</source>
        <comment>%n frame analysed</comment>
        <translation>
            <numerusform>%n Einzelbild analysiert</numerusform>
            <numerusform>%n Einzelbilder analysiert</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n frames decoded, {analysed} analysed</source>
        <comment>%n frame decoded, {analysed} analysed</comment>
        <translation>
            <numerusform>%n Einzelbild dekodiert, {analysed} analysiert</numerusform>
            <numerusform>%n Einzelbilder dekodiert, {analysed} analysiert</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more differences</source>
        <comment>%n more difference</comment>
        <translation>
            <numerusform>%n weiterer Unterschied</numerusform>
            <numerusform>%n weitere Unterschiede</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more parts are in the report</source>
        <comment>%n more part is in the report</comment>
        <translation>
            <numerusform>%n weiterer Teil steht im Bericht</numerusform>
            <numerusform>%n weitere Teile stehen im Bericht</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more were not added.</source>
        <comment>%n more was not added.</comment>
        <translation>
            <numerusform>%n weitere Datei wurde nicht hinzugefügt.</numerusform>
            <numerusform>%n weitere wurden nicht hinzugefügt.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n parts of the clip could not be decoded.</source>
        <comment>%n part of the clip could not be decoded.</comment>
        <translation>
            <numerusform>%n Teil des Clips konnte nicht dekodiert werden.</numerusform>
            <numerusform>%n Teile des Clips konnten nicht dekodiert werden.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n pictures</source>
        <comment>%n picture</comment>
        <translation>
            <numerusform>%n Bild</numerusform>
            <numerusform>%n Bilder</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n pictures behind the I picture</source>
        <comment>%n picture behind the I picture</comment>
        <translation>
            <numerusform>%n Bild nach dem I-Bild</numerusform>
            <numerusform>%n Bilder nach dem I-Bild</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n places</source>
        <comment>%n place</comment>
        <translation>
            <numerusform>%n Stelle</numerusform>
            <numerusform>%n Stellen</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;About</source>
        <translation>Übe&amp;r</translation>
    </message>
    <message>
        <source>&amp;Add clips …</source>
        <translation>Clips &amp;hinzufügen …</translation>
    </message>
    <message>
        <source>&amp;Analyse</source>
        <translation>&amp;Analysieren</translation>
    </message>
    <message>
        <source>&amp;Boxes</source>
        <translation>R&amp;ahmen</translation>
    </message>
    <message>
        <source>&amp;Change keys …</source>
        <translation>&amp;Tasten ändern …</translation>
    </message>
    <message>
        <source>&amp;Compare</source>
        <translation>&amp;Vergleichen</translation>
    </message>
    <message>
        <source>&amp;Export case …</source>
        <translation>Fall &amp;exportieren …</translation>
    </message>
    <message>
        <source>&amp;Export report …</source>
        <translation>Bericht &amp;exportieren …</translation>
    </message>
    <message>
        <source>&amp;Find the exhibit&apos;s file …</source>
        <translation>&amp;Datei des Beweisstücks suchen …</translation>
    </message>
    <message>
        <source>&amp;Fit the picture</source>
        <translation>Bild ein&amp;passen</translation>
    </message>
    <message>
        <source>&amp;Go to …</source>
        <translation>&amp;Gehe zu …</translation>
    </message>
    <message>
        <source>&amp;Heat map</source>
        <translation>&amp;Heatmap</translation>
    </message>
    <message>
        <source>&amp;Keys and controls</source>
        <translation>Tasten und &amp;Bedienung</translation>
    </message>
    <message>
        <source>&amp;Landmarks</source>
        <translation>&amp;Landmarken</translation>
    </message>
    <message>
        <source>&amp;Mute</source>
        <translation>&amp;Stumm</translation>
    </message>
    <message>
        <source>&amp;New case …</source>
        <translation>&amp;Neuer Fall …</translation>
    </message>
    <message>
        <source>&amp;Next suspicious segment</source>
        <translation>&amp;Nächster auffälliger Abschnitt</translation>
    </message>
    <message>
        <source>&amp;Open case …</source>
        <translation>Fall &amp;öffnen …</translation>
    </message>
    <message>
        <source>&amp;Open …</source>
        <translation>Ö&amp;ffnen …</translation>
    </message>
    <message>
        <source>&amp;Play or pause</source>
        <translation>Wiedergabe oder &amp;Pause</translation>
    </message>
    <message>
        <source>&amp;Previous exhibit</source>
        <translation>&amp;Voriges Beweisstück</translation>
    </message>
    <message>
        <source>&amp;Previous suspicious segment</source>
        <translation>&amp;Voriger auffälliger Abschnitt</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>&amp;Wiederholen</translation>
    </message>
    <message>
        <source>&amp;Save picture …</source>
        <translation>Bild &amp;speichern …</translation>
    </message>
    <message>
        <source>&amp;Signal lanes</source>
        <translation>&amp;Signalspuren</translation>
    </message>
    <message>
        <source>&amp;Stop all</source>
        <translation>Alle &amp;anhalten</translation>
    </message>
    <message>
        <source>&amp;Stop the analysis</source>
        <translation>Analyse an&amp;halten</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Rückgängig</translation>
    </message>
    <message>
        <source>&amp;Worst frame</source>
        <translation>Auffälligstes Einzel&amp;bild</translation>
    </message>
    <message>
        <source>, cropped by the container</source>
        <translation>, vom Container beschnitten</translation>
    </message>
    <message>
        <source>, signed</source>
        <translation>, signiert</translation>
    </message>
    <message>
        <source>1 fragment is missing in the file, by the fragments&apos; numbers</source>
        <translation>laut den Nummern der Fragmente fehlt 1 Fragment in der Datei</translation>
    </message>
    <message>
        <source>1 picture has a time stamp before 0, from {first} s on. FFmpeg reads no time stamp there, and players may show such pictures at other times or not at all.</source>
        <translation>1 Bild hat einen Zeitstempel vor 0, ab {first} s. FFmpeg liest dort keinen Zeitstempel, und Abspielprogramme zeigen solche Bilder unter Umständen zu anderen Zeiten oder gar nicht.</translation>
    </message>
    <message>
        <source>1 picture has no time stamp; the times follow from the neighbours.</source>
        <translation>1 Bild hat keinen Zeitstempel; die Zeiten ergeben sich aus den Nachbarn.</translation>
    </message>
    <message>
        <source>1 picture is stored with another codec ({codec}) than the track&apos;s first and cannot be decoded</source>
        <translation>1 Bild ist mit einem anderen Codec ({codec}) gespeichert als das erste der Spur und kann nicht dekodiert werden</translation>
    </message>
    <message>
        <source>1 picture is stored with another codec ({codec}) than the track&apos;s first and cannot be decoded here</source>
        <translation>hier ist 1 Bild mit einem anderen Codec ({codec}) gespeichert als das erste der Spur und kann nicht dekodiert werden</translation>
    </message>
    <message>
        <source>1 picture of the file&apos;s index could not be read</source>
        <translation>1 Bild aus dem Index der Datei konnte nicht gelesen werden</translation>
    </message>
    <message>
        <source>A better copy may help: larger, less compressed, not uploaded again.</source>
        <translation>Eine bessere Kopie kann helfen: größer, weniger komprimiert, nicht erneut hochgeladen.</translation>
    </message>
    <message>
        <source>A clip is being opened</source>
        <translation>Ein Clip wird geöffnet</translation>
    </message>
    <message>
        <source>A face is followed through one shot; the same person in another shot is another face in this list.</source>
        <translation>Ein Gesicht wird durch eine Einstellung verfolgt; dieselbe Person in einer anderen Einstellung ist in dieser Liste ein anderes Gesicht.</translation>
    </message>
    <message>
        <source>A filter (seccomp) refuses it the network and other programs.</source>
        <translation>Ein Filter (seccomp) verweigert ihm das Netz und andere Programme.</translation>
    </message>
    <message>
        <source>A frame (120), seconds (4.2), a time (1:02.5), a timecode (00:00:04:05) or a pts (pts 90000)  (G)
Escape returns the focus to the player</source>
        <translation>Ein Einzelbild (120), Sekunden (4.2), eine Zeit (1:02.5), ein Timecode (00:00:04:05) oder ein pts (pts 90000)  (G)
Escape gibt den Fokus an den Player zurück</translation>
    </message>
    <message>
        <source>A heat map shows where the network looked, not what was changed.</source>
        <translation>Eine Heatmap zeigt, wohin das Netz geschaut hat, nicht, was verändert wurde.</translation>
    </message>
    <message>
        <source>A high probability is no proof either: blur, make-up, filters and compression raise it. See its error rate.</source>
        <translation>Auch eine hohe Wahrscheinlichkeit ist kein Beweis: Unschärfe, Make-up, Filter und Kompression erhöhen sie. Beachten Sie die Fehlerquote.</translation>
    </message>
    <message>
        <source>A kind of forgery without a relative in training may not be found, and can look more original than an original.</source>
        <translation>Eine Art der Fälschung, der im Training nichts ähnelte, wird womöglich nicht gefunden und kann originaler wirken als ein Original.</translation>
    </message>
    <message>
        <source>A kind of manipulation that the detector was not trained on may go unnoticed.</source>
        <translation>Eine Art der Manipulation, auf die der Detektor nicht trainiert wurde, kann unbemerkt bleiben.</translation>
    </message>
    <message>
        <source>A likelihood ratio holds for sources like those that were left out, with equal prior odds; it says nothing about how likely manipulation was before.</source>
        <translation>Ein Likelihood-Quotient gilt für Quellen wie die ausgelassenen, bei gleichen Ausgangschancen; er sagt nichts darüber, wie wahrscheinlich eine Manipulation vorher war.</translation>
    </message>
    <message>
        <source>A local time beside one in UTC differs by whole hours; parts of a recording are made one after the other.</source>
        <translation>Eine Ortszeit neben einer in UTC weicht um ganze Stunden ab; Teile einer Aufnahme entstehen nacheinander.</translation>
    </message>
    <message>
        <source>A low probability does not prove that a clip is unaltered: new or heavily compressed manipulations are missed.</source>
        <translation>Eine niedrige Wahrscheinlichkeit beweist nicht, dass ein Clip unverändert ist: Neue oder stark komprimierte Manipulationen werden übersehen.</translation>
    </message>
    <message>
        <source>A note that you typed is not added to its clip yet: add it, or close again to discard it.</source>
        <translation>Eine eingegebene Notiz ist noch nicht zu ihrem Clip hinzugefügt: Fügen Sie sie hinzu, oder schließen Sie erneut, um sie zu verwerfen.</translation>
    </message>
    <message>
        <source>A picture of {width} x {height} pixels is too large to be shown; scale it down first.</source>
        <translation>Ein Bild mit {width} x {height} Pixeln ist zu groß, um gezeigt zu werden; verkleinern Sie es zuerst.</translation>
    </message>
    <message>
        <source>A real face that was cut out and put before another background, as in graphics, comes out high. Where a quarter of its surroundings or more is of one colour, the deep look never indicates manipulation; a cut-out before a gradient or a blurred picture is not noticed. Look at the picture that it was cut from.</source>
        <translation>Ein echtes Gesicht, das ausgeschnitten und vor einen anderen Hintergrund gesetzt wurde, wie in Grafiken, wird hoch bewertet. Wo ein Viertel seiner Umgebung oder mehr einfarbig ist, gibt die Tiefenprüfung nie einen Hinweis auf Manipulation; ein Freisteller vor einem Verlauf oder einem unscharfen Bild wird nicht bemerkt. Sehen Sie sich das Bild an, aus dem es ausgeschnitten wurde.</translation>
    </message>
    <message>
        <source>A report is still being written: wait until it is there, or close again to give it up.</source>
        <translation>Ein Bericht wird noch geschrieben: Warten Sie, bis er da ist, oder schließen Sie erneut, um ihn aufzugeben.</translation>
    </message>
    <message>
        <source>A signed report shows that nobody changed it after you. The key is a file with a passphrase of its own, which is asked for each time and kept nowhere.</source>
        <translation>Ein signierter Bericht belegt, dass ihn nach Ihnen niemand verändert hat. Der Schlüssel ist eine Datei mit eigener Passphrase, die jedes Mal abgefragt und nirgends gespeichert wird.</translation>
    </message>
    <message>
        <source>A table of sizes says that it has {count} entries, and has room for {room}.</source>
        <translation>Eine Größentabelle gibt {count} Einträge an und hat Platz für {room}.</translation>
    </message>
    <message>
        <source>A time in {group} lies outside the calendar.</source>
        <translation>Eine Zeit in {group} liegt außerhalb des Kalenders.</translation>
    </message>
    <message>
        <source>A track of a clip with fewer scored frames is inconclusive.</source>
        <translation>Eine Gesichtsspur eines Clips mit weniger bewerteten Einzelbildern ist nicht eindeutig.</translation>
    </message>
    <message>
        <source>About Deepfake Inspector</source>
        <translation>Über Deepfake Inspector</translation>
    </message>
    <message>
        <source>Above 1 shadows get brighter, below 1 darker</source>
        <translation>Über 1 werden Schatten heller, unter 1 dunkler</translation>
    </message>
    <message>
        <source>Add &amp;bookmark</source>
        <translation>&amp;Lesezeichen setzen</translation>
    </message>
    <message>
        <source>Add clips and stills</source>
        <translation>Clips und Standbilder hinzufügen</translation>
    </message>
    <message>
        <source>Add clips and stills to the list</source>
        <translation>Clips und Standbilder in die Liste aufnehmen</translation>
    </message>
    <message>
        <source>Add clips and stills, or drop them on the window.</source>
        <translation>Fügen Sie Clips und Standbilder hinzu, oder ziehen Sie sie auf das Fenster.</translation>
    </message>
    <message>
        <source>Add note</source>
        <translation>Notiz hinzufügen</translation>
    </message>
    <message>
        <source>Add to clip</source>
        <translation>Zum Clip</translation>
    </message>
    <message>
        <source>Add to frame</source>
        <translation>Zum Einzelbild</translation>
    </message>
    <message>
        <source>Add to the case</source>
        <translation>Zum Fall hinzufügen</translation>
    </message>
    <message>
        <source>Add {clip} to the case {case}, or only open it?</source>
        <translation>{clip} zum Fall {case} hinzufügen oder nur öffnen?</translation>
    </message>
    <message>
        <source>Add {clip} to the case, or only open it?</source>
        <translation>{clip} zum Fall hinzufügen oder nur öffnen?</translation>
    </message>
    <message>
        <source>Added to the case: {added}.</source>
        <translation>Zum Fall hinzugefügt: {added}.</translation>
    </message>
    <message>
        <source>Address, not fetched</source>
        <translation>Adresse, nicht abgerufen</translation>
    </message>
    <message>
        <source>After another upload it finds far less, above all in stills: what was coded as JPEG once more, or made smaller, can come out as an original does. Find the earliest copy.</source>
        <translation>Nach erneutem Hochladen findet es viel weniger, vor allem in Standbildern: Was noch einmal als JPEG codiert oder verkleinert wurde, kann bewertet werden wie ein Original. Suchen Sie die früheste Kopie.</translation>
    </message>
    <message>
        <source>Aligned by the {by}; unfiltered pixels</source>
        <translation>Ausgerichtet nach: {by}; ungefilterte Pixel</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>Alle Dateien</translation>
    </message>
    <message>
        <source>All keys and controls</source>
        <translation>Alle Tasten und Bedienelemente</translation>
    </message>
    <message>
        <source>An earlier analysis was interrupted; it can be resumed where it stopped.</source>
        <translation>Eine frühere Analyse wurde unterbrochen; sie kann dort fortgesetzt werden, wo sie endete.</translation>
    </message>
    <message>
        <source>An edit has the rate {rate} (0 holds one picture); it is played here at rate 1.</source>
        <translation>Ein Schnitt hat die Rate {rate} (0 hält ein Bild an); er wird hier mit der Rate 1 abgespielt.</translation>
    </message>
    <message>
        <source>An edit list says that it has {count} entries, and has room for {room}.</source>
        <translation>Eine Schnittliste gibt {count} Einträge an und hat Platz für {room}.</translation>
    </message>
    <message>
        <source>Anal&amp;yse all</source>
        <translation>A&amp;lle analysieren</translation>
    </message>
    <message>
        <source>Analyse</source>
        <translation>Analysieren</translation>
    </message>
    <message>
        <source>Analyse again</source>
        <translation>Neu analysieren</translation>
    </message>
    <message>
        <source>Analyse all exhibits, one after another</source>
        <translation>Alle Beweisstücke nacheinander analysieren</translation>
    </message>
    <message>
        <source>Analyse every</source>
        <translation>Analysiere jedes</translation>
    </message>
    <message>
        <source>Analyse more of the clip: with these settings (Analyse every, Start, End) too few of its frames were looked at.</source>
        <translation>Analysieren Sie mehr vom Clip: Mit diesen Einstellungen (Analysiere jedes, Anfang, Ende) wurden zu wenige seiner Einzelbilder betrachtet.</translation>
    </message>
    <message>
        <source>Analyse only every n-th frame.</source>
        <translation>Nur jedes n-te Einzelbild analysieren.</translation>
    </message>
    <message>
        <source>Analyse this clip</source>
        <translation>Diesen Clip analysieren</translation>
    </message>
    <message>
        <source>Analyse this picture</source>
        <translation>Dieses Bild analysieren</translation>
    </message>
    <message>
        <source>Analysed</source>
        <translation>Analysiert</translation>
    </message>
    <message>
        <source>Analysed before</source>
        <translation>Schon analysiert</translation>
    </message>
    <message>
        <source>Analyses are running: wait for them or stop them, then create the case.</source>
        <translation>Es laufen Analysen: Warten Sie ab oder halten Sie sie an, und legen Sie dann den Fall an.</translation>
    </message>
    <message>
        <source>Analysis</source>
        <translation>Analyse</translation>
    </message>
    <message>
        <source>Analysis is running</source>
        <translation>Die Analyse läuft</translation>
    </message>
    <message>
        <source>Analysis {analysis_id} in {path} is not finished; let it end first.</source>
        <translation>Die Analyse {analysis_id} in {path} ist nicht abgeschlossen; warten Sie zuerst ihr Ende ab.</translation>
    </message>
    <message>
        <source>Analysis: {progress}</source>
        <translation>Analyse: {progress}</translation>
    </message>
    <message>
        <source>Animations and short clips that are played in a loop, replays, loading screens, title sequences.</source>
        <translation>Animationen und kurze Clips in Schleife, Wiederholungen, Ladebildschirme, Vorspänne.</translation>
    </message>
    <message>
        <source>Another file …</source>
        <translation>Andere Datei …</translation>
    </message>
    <message>
        <source>Apache-2.0 for the weights as far as the project can grant it; the footage they were trained on belongs to third parties</source>
        <translation>Apache-2.0 für die Gewichte, soweit das Projekt sie einräumen kann; das Material, mit dem sie trainiert wurden, gehört Dritten</translation>
    </message>
    <message>
        <source>Apply</source>
        <translation>Übernehmen</translation>
    </message>
    <message>
        <source>As a probability: {values}.</source>
        <translation>Als Wahrscheinlichkeit: {values}.</translation>
    </message>
    <message>
        <source>Assumed</source>
        <translation>Angenommen</translation>
    </message>
    <message>
        <source>At equal odds a ratio of {value} is a probability of {share}; the sources support none beyond it.</source>
        <translation>Bei gleichen Vorab-Chancen entspricht ein Quotient von {value} einer Wahrscheinlichkeit von {share}; darüber hinaus stützen die Quellen keine.</translation>
    </message>
    <message>
        <source>At {places} the coding begins anew while the time stamps go on, as where pictures were cut out, or recordings joined, without being coded again. A broadcast that changes its format does that too.</source>
        <translation>Bei {places} beginnt die Codierung neu, während die Zeitstempel weiterlaufen, wie dort, wo Bilder herausgeschnitten oder Aufnahmen verbunden wurden, ohne neu codiert zu werden. Eine Sendung, die ihr Format wechselt, tut das auch.</translation>
    </message>
    <message>
        <source>At {places} the time stamps jump between two keyframes. The pictures up to the next keyframe count as damaged: where another recording begins, those that they refer to are not in the file, and nothing shows it.</source>
        <translation>Bei {places} springen die Zeitstempel zwischen zwei Schlüsselbildern. Die Bilder bis zum nächsten Schlüsselbild gelten als beschädigt: Wo eine andere Aufnahme beginnt, fehlen die Bilder, auf die sie sich beziehen, und nichts zeigt es an.</translation>
    </message>
    <message>
        <source>Before the picture at {at} s: {reason}; the time stamps show no picture missing.</source>
        <translation>Vor dem Bild bei {at} s: {reason}; nach den Zeitstempeln fehlt kein Bild.</translation>
    </message>
    <message>
        <source>Behind the last picture the file holds {count} more bytes, which are no picture.</source>
        <translation>Hinter dem letzten Bild enthält die Datei noch {count} Bytes, die kein Bild sind.</translation>
    </message>
    <message>
        <source>Beside picture {number}: {cause}.</source>
        <translation>Neben Bild {number}: {cause}.</translation>
    </message>
    <message>
        <source>Blinks of the selected track: {sum}</source>
        <translation>Lidschläge der gewählten Gesichtsspur: {sum}</translation>
    </message>
    <message>
        <source>Blurring other areas raises the score, so the check cannot tell what the marked area adds to it.</source>
        <translation>Weichzeichnen anderer Bereiche erhöht den Wert, daher kann die Probe nicht sagen, was der markierte Bereich beiträgt.</translation>
    </message>
    <message>
        <source>Bookmark</source>
        <translation>Lesezeichen</translation>
    </message>
    <message>
        <source>Bookmark the current frame</source>
        <translation>Lesezeichen auf das aktuelle Einzelbild setzen</translation>
    </message>
    <message>
        <source>Boxes</source>
        <translation>Rahmen</translation>
    </message>
    <message>
        <source>Boxes are nested more than {deepest} deep; those further in were not read.</source>
        <translation>Boxen sind mehr als {deepest}-fach verschachtelt; die inneren wurden nicht gelesen.</translation>
    </message>
    <message>
        <source>Broadcasts change between programmes; files are joined without coding them again.</source>
        <translation>Sendungen wechseln zwischen Programmen; Dateien werden ohne Neucodierung zusammengefügt.</translation>
    </message>
    <message>
        <source>Calibrated on</source>
        <translation>Kalibriert an</translation>
    </message>
    <message>
        <source>Calls by internet, messengers, headsets, and AAC or MP3 at low rates; synthetic voices are often made at 16 kHz, and so are the data sets of researchers.</source>
        <translation>Internetanrufe, Messenger, Headsets sowie AAC oder MP3 mit niedriger Rate; synthetische Stimmen werden oft mit 16 kHz erzeugt, ebenso Datensätze der Forschung.</translation>
    </message>
    <message>
        <source>Calls, voice messages, radios, old recorders and archive footage; parts of a report that are quoted over a telephone.</source>
        <translation>Anrufe, Sprachnachrichten, Funkgeräte, alte Recorder und Archivmaterial; Teile eines Beitrags, die über ein Telefon zitiert werden.</translation>
    </message>
    <message>
        <source>Cameras write it last, since they do not know it before; converters that do not optimise for streaming, too.</source>
        <translation>Kameras schreiben ihn zuletzt, weil sie ihn vorher nicht kennen; Konverter ohne Optimierung für Streaming auch.</translation>
    </message>
    <message>
        <source>Cameras write it; editors keep it, and anyone can change it.</source>
        <translation>Kameras schreiben es; Bildbearbeitungen behalten es, und jeder kann es ändern.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Cannot allocate memory</source>
        <translation>Nicht genug Arbeitsspeicher</translation>
    </message>
    <message>
        <source>Cannot tell whether the mouth follows the sound of speech: {why}.</source>
        <translation>Ob der Mund dem Klang der Sprache folgt, ist nicht zu sagen: {why}.</translation>
    </message>
    <message>
        <source>Case</source>
        <translation>Fall</translation>
    </message>
    <message>
        <source>Case: {name}</source>
        <translation>Fall: {name}</translation>
    </message>
    <message>
        <source>Cases and case files</source>
        <translation>Fälle und Falldateien</translation>
    </message>
    <message>
        <source>Change it to compare with another bundle, or to repeat an older result.</source>
        <translation>Ändern Sie es, um mit einem anderen Paket zu vergleichen oder ein älteres Ergebnis zu wiederholen.</translation>
    </message>
    <message>
        <source>Change keys</source>
        <translation>Tasten ändern</translation>
    </message>
    <message>
        <source>Change of each pixel since the previous frame: flicker and jumps of a face</source>
        <translation>Änderung jedes Pixels seit dem vorigen Einzelbild: Flackern und Sprünge eines Gesichts</translation>
    </message>
    <message>
        <source>Change the keys of actions</source>
        <translation>Tasten von Aktionen ändern</translation>
    </message>
    <message>
        <source>Change the text of the selected note, or the label of the selected bookmark or picture</source>
        <translation>Text der gewählten Notiz oder Beschriftung des gewählten Lesezeichens oder Bildes ändern</translation>
    </message>
    <message>
        <source>Changed below, under Advanced. The report lists every setting that is not the default.</source>
        <translation>Unten unter „Erweitert“ geändert. Der Bericht nennt jede Einstellung, die vom Standard abweicht.</translation>
    </message>
    <message>
        <source>Changes within the stream</source>
        <translation>Änderungen innerhalb des Streams</translation>
    </message>
    <message>
        <source>Choose a clip or still to compare</source>
        <translation>Clip oder Standbild zum Vergleichen wählen</translation>
    </message>
    <message>
        <source>Choose or create a folder for the case</source>
        <translation>Ordner für den Fall wählen oder anlegen</translation>
    </message>
    <message>
        <source>Choose the file of exhibit {label} ({name})</source>
        <translation>Datei des Beweisstücks {label} wählen ({name})</translation>
    </message>
    <message>
        <source>Choose the file of this exhibit</source>
        <translation>Datei dieses Beweisstücks wählen</translation>
    </message>
    <message>
        <source>Choose the folder of a case</source>
        <translation>Ordner eines Falls wählen</translation>
    </message>
    <message>
        <source>Choose the folder …</source>
        <translation>Ordner wählen …</translation>
    </message>
    <message>
        <source>Choose the key that signs the report, or make a new one.</source>
        <translation>Wählen Sie den Schlüssel, der den Bericht signiert, oder erzeugen Sie einen neuen.</translation>
    </message>
    <message>
        <source>Choose the new location of the selected exhibit&apos;s file</source>
        <translation>Neuen Ort der Datei des gewählten Beweisstücks wählen</translation>
    </message>
    <message>
        <source>Choose where to create the folder of the lanes</source>
        <translation>Wählen, wo der Ordner der Spuren angelegt wird</translation>
    </message>
    <message>
        <source>Choose where to create the report&apos;s folder</source>
        <translation>Wählen, wo der Ordner des Berichts angelegt wird</translation>
    </message>
    <message>
        <source>Choose your key</source>
        <translation>Schlüssel wählen</translation>
    </message>
    <message>
        <source>Choose …</source>
        <translation>Wählen …</translation>
    </message>
    <message>
        <source>Clear in and out</source>
        <translation>In und Out löschen</translation>
    </message>
    <message>
        <source>Clear the selection</source>
        <translation>Auswahl aufheben</translation>
    </message>
    <message>
        <source>Click for its first frame, at {time}.</source>
        <translation>Klick: erstes Einzelbild dieses Gesichts, bei {time}.</translation>
    </message>
    <message>
        <source>Click for the heat map of this face.</source>
        <translation>Klick: Heatmap dieses Gesichts.</translation>
    </message>
    <message>
        <source>Click for the worst frame, at {time}, with its heat map.</source>
        <translation>Klick: auffälligstes Einzelbild, bei {time}, mit seiner Heatmap.</translation>
    </message>
    <message>
        <source>Click for this face.</source>
        <translation>Klick: dieses Gesicht.</translation>
    </message>
    <message>
        <source>Click in the timeline, drag its ruler</source>
        <translation>Klick in die Zeitachse, Lineal ziehen</translation>
    </message>
    <message>
        <source>Click on a finding or face</source>
        <translation>Klick auf Befund oder Gesicht</translation>
    </message>
    <message>
        <source>Click to go to the face&apos;s worst frame</source>
        <translation>Klick: zum auffälligsten Einzelbild des Gesichts</translation>
    </message>
    <message>
        <source>Click to go to the first frame of this face</source>
        <translation>Klick: zum ersten Einzelbild dieses Gesichts</translation>
    </message>
    <message>
        <source>Clip</source>
        <translation>Clip</translation>
    </message>
    <message>
        <source>Clip of side {name}</source>
        <translation>Clip der Seite {name}</translation>
    </message>
    <message>
        <source>Clips and stills</source>
        <translation>Clips und Standbilder</translation>
    </message>
    <message>
        <source>Clips opened in this session</source>
        <translation>In dieser Sitzung geöffnete Clips</translation>
    </message>
    <message>
        <source>Clips that are played in a loop, replays, jingles and repeated shots of edited clips; movements that repeat, such as those of machines.</source>
        <translation>Clips in Schleife, Wiederholungen, Jingles und wiederholte Einstellungen geschnittener Clips; Bewegungen, die sich wiederholen, etwa von Maschinen.</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Close the window</source>
        <translation>Das Fenster schließen</translation>
    </message>
    <message>
        <source>Close-&amp;up of the face</source>
        <translation>Nahansicht &amp;des Gesichts</translation>
    </message>
    <message>
        <source>Close-up</source>
        <translation>Nahansicht</translation>
    </message>
    <message>
        <source>Close-up in full si&amp;ze</source>
        <translation>Nahansicht in v&amp;oller Größe</translation>
    </message>
    <message>
        <source>Close-up of the face</source>
        <translation>Nahansicht des Gesichts</translation>
    </message>
    <message>
        <source>Close-up of the face in full size</source>
        <translation>Nahansicht des Gesichts in voller Größe</translation>
    </message>
    <message>
        <source>Codec</source>
        <translation>Codec</translation>
    </message>
    <message>
        <source>Coding</source>
        <translation>Codierung</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation>Farbe</translation>
    </message>
    <message>
        <source>Colours of the window.</source>
        <translation>Farben des Fensters.</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Vergleichen</translation>
    </message>
    <message>
        <source>Compare by &amp;wipe</source>
        <translation>Mit &amp;Wischblende vergleichen</translation>
    </message>
    <message>
        <source>Compared frame back</source>
        <translation>Verglichenes Einzelbild zurück</translation>
    </message>
    <message>
        <source>Compared frame forward</source>
        <translation>Verglichenes Einzelbild vor</translation>
    </message>
    <message>
        <source>Comparing the SHA-256 of {name} …</source>
        <translation>SHA-256 von {name} wird verglichen …</translation>
    </message>
    <message>
        <source>Comparison</source>
        <translation>Vergleich</translation>
    </message>
    <message numerus="yes">
        <source>Computing the SHA-256 of %n files …</source>
        <comment>Computing the SHA-256 of a file …</comment>
        <translation>
            <numerusform>SHA-256 einer Datei wird berechnet …</numerusform>
            <numerusform>SHA-256 von %n Dateien wird berechnet …</numerusform>
        </translation>
    </message>
    <message>
        <source>Computing the SHA-256 of {name} …</source>
        <translation>SHA-256 von {name} wird berechnet …</translation>
    </message>
    <message>
        <source>Computing the SHA-256 of {name}, file {number} of {count} …</source>
        <translation>SHA-256 von {name} wird berechnet, Datei {number} von {count} …</translation>
    </message>
    <message>
        <source>Computing the first heat map …</source>
        <translation>Die erste Heatmap wird berechnet …</translation>
    </message>
    <message>
        <source>Computing the heat map …</source>
        <translation>Die Heatmap wird berechnet …</translation>
    </message>
    <message>
        <source>Conclusion</source>
        <translation>Ergebnis</translation>
    </message>
    <message>
        <source>Contact sheet and frames for a search by picture</source>
        <translation>Kontaktabzug und Einzelbilder für eine Bildersuche</translation>
    </message>
    <message>
        <source>Container</source>
        <translation>Container</translation>
    </message>
    <message>
        <source>Container tags</source>
        <translation>Container-Tags</translation>
    </message>
    <message>
        <source>Content Credentials could not be read from the file; this concerns nothing else of the analysis.</source>
        <translation>Content Credentials konnten aus der Datei nicht gelesen werden; das betrifft sonst nichts an der Analyse.</translation>
    </message>
    <message>
        <source>Content of the file: Content Credentials, structure, tags, coding</source>
        <translation>Inhalt der Datei: Content Credentials, Aufbau, Tags, Codierung</translation>
    </message>
    <message>
        <source>Controls</source>
        <translation>Bedienelemente</translation>
    </message>
    <message>
        <source>Conversion of film or of web video to another frame rate; screen recording of a slower video.</source>
        <translation>Umwandlung von Film oder Webvideo in eine andere Bildrate; Bildschirmaufnahme eines langsameren Videos.</translation>
    </message>
    <message>
        <source>Copy details</source>
        <translation>Details kopieren</translation>
    </message>
    <message>
        <source>Copy result</source>
        <translation>Ergebnis kopieren</translation>
    </message>
    <message>
        <source>Copying the clip for the report and computing its SHA-256 …</source>
        <translation>Für den Bericht wird der Clip kopiert und sein SHA-256 berechnet …</translation>
    </message>
    <message>
        <source>Counted</source>
        <translation>Gezählt</translation>
    </message>
    <message>
        <source>Covers are often made for the purpose, as titles, portraits, posters and logos are; a frame of a later moment; programs that cut a clip and keep its cover.</source>
        <translation>Titelbilder werden oft eigens gemacht, etwa als Titel, Porträt, Plakat oder Logo; ein späteres Einzelbild; Programme, die einen Clip schneiden und sein Titelbild behalten.</translation>
    </message>
    <message>
        <source>Create a case to keep them together in one folder, with notes and analyses.</source>
        <translation>Legen Sie einen Fall an, um sie mit Notizen und Analysen in einem Ordner zusammenzuhalten.</translation>
    </message>
    <message>
        <source>Create a folder for several exhibits; the listed clips become its first exhibits</source>
        <translation>Ordner für mehrere Beweisstücke anlegen; die aufgeführten Clips werden die ersten</translation>
    </message>
    <message>
        <source>Creating the case in {folder} …</source>
        <translation>Der Fall wird in {folder} angelegt …</translation>
    </message>
    <message>
        <source>Ctrl+arrows</source>
        <translation>Strg+Pfeile</translation>
    </message>
    <message>
        <source>Cuts, pauses of the recorder and lost packets; a device that is switched changes the hum too.</source>
        <translation>Schnitte, Pausen des Recorders und verlorene Pakete; auch ein geschaltetes Gerät ändert das Brummen.</translation>
    </message>
    <message>
        <source>Dark, light, or high contrast</source>
        <translation>Dunkel, hell oder hoher Kontrast</translation>
    </message>
    <message>
        <source>Dashed in the lanes. Between them the detector errs too often, so the result is inconclusive.</source>
        <translation>In den Spuren gestrichelt. Dazwischen irrt der Detektor zu oft, daher ist das Ergebnis nicht eindeutig.</translation>
    </message>
    <message>
        <source>Deep look</source>
        <translation>Tiefenprüfung</translation>
    </message>
    <message>
        <source>Deep look, frames per second</source>
        <translation>Tiefenprüfung, Einzelbilder je Sekunde</translation>
    </message>
    <message>
        <source>Deep look, which decides</source>
        <translation>Tiefenprüfung, die entscheidet</translation>
    </message>
    <message>
        <source>Deepfake Inspector made an error while {doing} ({value}); the evidence and the stored results are not affected. {where}</source>
        <translation>Deepfake Inspector hat einen Fehler gemacht, und zwar bei: {doing} ({value}); das Beweisstück und die gespeicherten Ergebnisse sind nicht betroffen. {where}</translation>
    </message>
    <message>
        <source>Defaults</source>
        <translation>Standardwerte</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Delete the analyses, notes and decisions of {name} for good? The clip and its reports stay.{also}</source>
        <translation>Analysen, Notizen und Entscheidungen zu {name} endgültig löschen? Der Clip und seine Berichte bleiben.{also}</translation>
    </message>
    <message>
        <source>Delete what this computer keeps of the clip: analyses, notes, decisions, and its place in the recent clips</source>
        <translation>Löschen, was dieser Computer zum Clip aufbewahrt: Analysen, Notizen, Entscheidungen und den Platz unter den zuletzt geöffneten Clips</translation>
    </message>
    <message>
        <source>Deletion check: {result}</source>
        <translation>Löschprobe: {result}</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Details</translation>
    </message>
    <message>
        <source>Details: {path}.</source>
        <translation>Einzelheiten: {path}.</translation>
    </message>
    <message>
        <source>Detection confidence</source>
        <translation>Sicherheit der Gesichtssuche</translation>
    </message>
    <message>
        <source>Detector</source>
        <translation>Detektor</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Gerät</translation>
    </message>
    <message>
        <source>Device that runs the network.</source>
        <translation>Gerät, auf dem das Netz läuft.</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>Unterschied</translation>
    </message>
    <message>
        <source>Difference to the previous frame</source>
        <translation>Differenz zum vorigen Einzelbild</translation>
    </message>
    <message>
        <source>Difference to the same frame saved again as JPEG: areas with another compression history may stand out</source>
        <translation>Differenz zum selben Einzelbild, erneut als JPEG gespeichert: Bereiche mit anderer Kompressionsgeschichte können hervortreten</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>Ausblenden</translation>
    </message>
    <message>
        <source>Do not publish before other evidence supports it: this is an indication, not a proof.</source>
        <translation>Nicht veröffentlichen, bevor andere Belege es stützen: Das ist ein Hinweis, kein Beweis.</translation>
    </message>
    <message>
        <source>Do not publish on this result.</source>
        <translation>Nicht auf Grundlage dieses Ergebnisses veröffentlichen.</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>Double-click for the full size, and again to go back</source>
        <translation>Doppelklick für die volle Größe, noch einmal für zurück</translation>
    </message>
    <message>
        <source>Double-click on the picture</source>
        <translation>Doppelklick auf das Bild</translation>
    </message>
    <message>
        <source>Double-click to name this face</source>
        <translation>Doppelklick, um dieses Gesicht zu benennen</translation>
    </message>
    <message>
        <source>Drag in a lane</source>
        <translation>In einer Spur ziehen</translation>
    </message>
    <message>
        <source>Drag the picture</source>
        <translation>Bild ziehen</translation>
    </message>
    <message>
        <source>Drop a clip here</source>
        <translation>Clip hier ablegen</translation>
    </message>
    <message>
        <source>Duration</source>
        <translation>Dauer</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>Bearbeiten</translation>
    </message>
    <message>
        <source>Editing of any kind: a clip that was shortened in the app of a phone or of a platform, interviews and reports as they are usually edited, dubbing, several recordings in one, and lost packets of a call or a stream.</source>
        <translation>Schnitte jeder Art: ein Clip, der in der App eines Telefons oder einer Plattform gekürzt wurde, Interviews und Berichte, wie sie gewöhnlich geschnitten werden, Nachvertonung, mehrere Aufnahmen in einer Datei, und verlorene Pakete eines Anrufs oder einer Übertragung.</translation>
    </message>
    <message>
        <source>Editing of pictures and sound apart, a sound track that was cut off or put in, recorders and calls that begin or stop the sound apart, and copies that break off.</source>
        <translation>Getrennter Schnitt von Bild und Ton, eine abgeschnittene oder eingesetzte Tonspur, Rekorder und Anrufe, die den Ton getrennt beginnen oder beenden, und abgebrochene Kopien.</translation>
    </message>
    <message>
        <source>Edits of every kind: trimmed pauses, joined takes, inserted views, titles. Recorders that pause or drop pictures, and encoders that begin a new group at a new scene or when they are asked for one, do the same, and by chance 1 of 85 rhythms of clips of 19 s that were coded again uncut, and 1 of 91 of a minute.</source>
        <translation>Schnitte jeder Art: gekürzte Pausen, zusammengefügte Aufnahmen, eingesetzte Ansichten, Titel. Aufnahmegeräte, die pausieren oder Bilder auslassen, und Encoder, die bei einer neuen Szene oder auf Anforderung eine neue Gruppe beginnen, bewirken dasselbe, ebenso zufällig 1 von 85 Rhythmen von Clips mit 19 s, die ungeschnitten neu codiert wurden, und 1 von 91 mit einer Minute Länge.</translation>
    </message>
    <message>
        <source>Elements are nested more than {deepest} deep; those further in were not read.</source>
        <translation>Elemente sind mehr als {deepest}-fach verschachtelt; die inneren wurden nicht gelesen.</translation>
    </message>
    <message>
        <source>Encoders that react to motion or to a lost connection; trimming and joining without coding again.</source>
        <translation>Encoder, die auf Bewegung oder eine verlorene Verbindung reagieren; Kürzen und Zusammenfügen ohne Neucodierung.</translation>
    </message>
    <message>
        <source>End</source>
        <translation>Ende</translation>
    </message>
    <message>
        <source>End the range at the current frame</source>
        <translation>Bereich am aktuellen Einzelbild beenden</translation>
    </message>
    <message>
        <source>Error level</source>
        <translation>Error Level</translation>
    </message>
    <message>
        <source>Error level, high-pass residual, difference, optical flow, and back to the picture</source>
        <translation>Error Level, Hochpass-Rest, Differenz, optischer Fluss und zurück zum Bild</translation>
    </message>
    <message>
        <source>Error rates and likelihood ratios hold for faces, not for whole frames.</source>
        <translation>Fehlerraten und Likelihood-Quotienten gelten für Gesichter, nicht für ganze Bilder.</translation>
    </message>
    <message>
        <source>Error rates and likelihood ratios hold for the default limits of what is scored, which were changed.</source>
        <translation>Fehlerraten und Likelihood-Quotienten gelten für die Standardgrenzen dafür, was bewertet wird; diese wurden geändert.</translation>
    </message>
    <message>
        <source>Error rates and likelihood ratios hold for whole clips, not for a part that was chosen because it stands out.</source>
        <translation>Fehlerraten und Likelihood-Quotienten gelten für ganze Clips, nicht für einen Teil, der gewählt wurde, weil er auffällt.</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>Every download from there has it.</source>
        <translation>Jeder Download von dort hat das.</translation>
    </message>
    <message>
        <source>Every frame by both networks, and small faces are searched for five times as often. For the clip that you will write about; without a GPU it takes many times as long.</source>
        <translation>Jedes Einzelbild durch beide Netze, und kleine Gesichter werden fünfmal so oft gesucht. Für den Clip, über den Sie schreiben werden; ohne GPU dauert es um ein Vielfaches länger.</translation>
    </message>
    <message>
        <source>Every frame by the small network, some frames of each face by the large one. For a first answer, on any computer. The error rates were measured with it.</source>
        <translation>Jedes Einzelbild durch das kleine Netz, einige Einzelbilder jedes Gesichts durch das große. Für eine erste Antwort, auf jedem Computer. Damit wurden die Fehlerquoten gemessen.</translation>
    </message>
    <message>
        <source>Every platform and messenger codes uploads again; so do editors and screen recorders.</source>
        <translation>Jede Plattform und jeder Messenger codiert Uploads neu; Schnittprogramme und Bildschirmaufnahmen ebenso.</translation>
    </message>
    <message>
        <source>Every platform and messenger saves pictures again; so do editors, and phones after cropping or turning.</source>
        <translation>Jede Plattform und jeder Messenger speichert Bilder neu; Bildbearbeitungen ebenso, und Telefone nach Beschneiden oder Drehen.</translation>
    </message>
    <message>
        <source>Every upload, messenger, download and edit codes a clip again. Clips that loop, movements and lights that repeat, and encoders with a rhythm of their own look alike, and by chance some clips that were coded once: of those that were measured none of 78 of 19 s, and 3 of 78 of a minute.</source>
        <translation>Jeder Upload, Messenger, Download und Schnitt codiert einen Clip neu. Clips in Schleife, sich wiederholende Bewegungen und Lichter und Encoder mit eigenem Rhythmus sehen ebenso aus, und zufällig auch manche nur einmal codierten Clips: bei den gemessenen keiner von 78 mit 19 s und 3 von 78 mit einer Minute Länge.</translation>
    </message>
    <message>
        <source>Every {value} pictures one is predicted less well from what was before it than its neighbours, which no one place of the clip&apos;s own groups of pictures explains: as where a clip was coded before in groups of {value} pictures, or of a multiple, and coded again ({where}).</source>
        <translation>Alle {value} Bilder wird eines schlechter aus dem Vorhergehenden vorhergesagt als seine Nachbarn, was keine einzelne Stelle der eigenen Bildgruppen des Clips erklärt: wie bei einem Clip, der zuvor in Gruppen von {value} Bildern oder einem Vielfachen codiert und dann neu codiert wurde ({where}).</translation>
    </message>
    <message>
        <source>Everything that can change a result: model, device, thresholds</source>
        <translation>Alles, was ein Ergebnis ändern kann: Modell, Gerät, Schwellen</translation>
    </message>
    <message>
        <source>Examiner</source>
        <translation>Prüfer/in</translation>
    </message>
    <message>
        <source>Exhibit</source>
        <translation>Beweisstück</translation>
    </message>
    <message>
        <source>Exhibit {label} ({name}) was removed from the list; its files are kept.</source>
        <translation>Beweisstück {label} ({name}) wurde aus der Liste entfernt; seine Dateien bleiben erhalten.</translation>
    </message>
    <message>
        <source>Exhibit {label} {file}</source>
        <translation>Beweisstück {label} {file}</translation>
    </message>
    <message>
        <source>Exhibit {name}, {status}</source>
        <translation>Beweisstück {name}, {status}</translation>
    </message>
    <message>
        <source>Exhibits</source>
        <translation>Beweisstücke</translation>
    </message>
    <message>
        <source>Export again …</source>
        <translation>Erneut exportieren …</translation>
    </message>
    <message>
        <source>Export all shown lanes as CSV…</source>
        <translation>Alle gezeigten Spuren als CSV exportieren …</translation>
    </message>
    <message>
        <source>Export case</source>
        <translation>Fall exportieren</translation>
    </message>
    <message>
        <source>Export “{name}” as CSV…</source>
        <translation>„{name}“ als CSV exportieren …</translation>
    </message>
    <message>
        <source>FFmpeg and most platforms write none.</source>
        <translation>FFmpeg und die meisten Plattformen schreiben keine.</translation>
    </message>
    <message>
        <source>FFmpeg failed while {doing} ({cause}); the file may be damaged. {where}</source>
        <translation>FFmpeg ist gescheitert bei: {doing} ({cause}); die Datei ist vielleicht beschädigt. {where}</translation>
    </message>
    <message>
        <source>FFmpeg reports: {message}</source>
        <translation>FFmpeg meldet: {message}</translation>
    </message>
    <message>
        <source>Face</source>
        <translation>Gesicht</translation>
    </message>
    <message>
        <source>Face {number}</source>
        <translation>Gesicht {number}</translation>
    </message>
    <message>
        <source>Faces</source>
        <translation>Gesichter</translation>
    </message>
    <message>
        <source>Faces found with less confidence are ignored.</source>
        <translation>Gesichter, die mit geringerer Sicherheit gefunden wurden, werden übergangen.</translation>
    </message>
    <message>
        <source>Faces to score</source>
        <translation>Zu bewertende Gesichter</translation>
    </message>
    <message>
        <source>Faces turned further to the side are not scored.</source>
        <translation>Weiter zur Seite gedrehte Gesichter werden nicht bewertet.</translation>
    </message>
    <message>
        <source>Faces under 48 px, turned far away, covered or blurred are not scored.</source>
        <translation>Gesichter unter 48 px, stark abgewandte, verdeckte oder unscharfe werden nicht bewertet.</translation>
    </message>
    <message>
        <source>Faces with a lower Laplacian variance (grey levels squared) are not scored.</source>
        <translation>Gesichter mit geringerer Laplace-Varianz (Grauwerte im Quadrat) werden nicht bewertet.</translation>
    </message>
    <message>
        <source>Faces with less of their box in the frame are not scored.</source>
        <translation>Gesichter, deren Rahmen zu einem kleineren Teil im Bild liegt, werden nicht bewertet.</translation>
    </message>
    <message>
        <source>Fades between scenes, covered lenses, the beginning and end of edited clips.</source>
        <translation>Blenden zwischen Szenen, verdeckte Objektive, Anfang und Ende geschnittener Clips.</translation>
    </message>
    <message>
        <source>False positives</source>
        <translation>Falsch positiv</translation>
    </message>
    <message>
        <source>Fast look, for screening</source>
        <translation>Schnellprüfung, zur Vorauswahl</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>File exists</source>
        <translation>Die Datei existiert bereits</translation>
    </message>
    <message>
        <source>File name too long</source>
        <translation>Der Dateiname ist zu lang</translation>
    </message>
    <message>
        <source>Fill empty fields by the info.json that lies beside the clip</source>
        <translation>Leere Felder aus der info.json neben dem Clip ausfüllen</translation>
    </message>
    <message>
        <source>Films and series that were broadcast or put on DVD in countries with 60 Hz.</source>
        <translation>Filme und Serien, die in Ländern mit 60 Hz gesendet oder auf DVD gebracht wurden.</translation>
    </message>
    <message>
        <source>Filmstrip</source>
        <translation>Filmstreifen</translation>
    </message>
    <message>
        <source>Filte&amp;rs</source>
        <translation>&amp;Filter</translation>
    </message>
    <message>
        <source>Filters</source>
        <translation>Filter</translation>
    </message>
    <message>
        <source>Filters off</source>
        <translation>Filter ausschalten</translation>
    </message>
    <message>
        <source>Filters, make-up, restoration and strong compression can look like manipulation to the detector.</source>
        <translation>Filter, Make-up, Restaurierung und starke Kompression können für den Detektor wie Manipulation aussehen.</translation>
    </message>
    <message>
        <source>Find file …</source>
        <translation>Datei suchen …</translation>
    </message>
    <message>
        <source>Find the file …</source>
        <translation>Datei suchen …</translation>
    </message>
    <message>
        <source>Findings</source>
        <translation>Befunde</translation>
    </message>
    <message>
        <source>Findings, faces and the reasons for frames without a score are shown here.</source>
        <translation>Hier stehen Befunde, Gesichter und die Gründe für Einzelbilder ohne Bewertung.</translation>
    </message>
    <message>
        <source>First frame</source>
        <translation>Erstes Einzelbild</translation>
    </message>
    <message>
        <source>Fit</source>
        <translation>Einpassen</translation>
    </message>
    <message>
        <source>Fit the picture into the window</source>
        <translation>Bild in das Fenster einpassen</translation>
    </message>
    <message>
        <source>Flags of the decoder: key frame, picture type (I, P, B), interlaced, corrupt</source>
        <translation>Merkmale laut Decoder: Schlüsselbild, Bildtyp (I, P, B), Zeilensprung, beschädigt</translation>
    </message>
    <message>
        <source>Focus the player</source>
        <translation>Fokus auf den Player</translation>
    </message>
    <message>
        <source>For clips the detector errs too often to conclude anything: every clip is inconclusive.</source>
        <translation>Bei Clips irrt der Detektor für jeden Schluss zu oft: Jeder Clip ist nicht eindeutig.</translation>
    </message>
    <message>
        <source>For stills the detector errs too often to conclude anything: every still is inconclusive.</source>
        <translation>Bei Standbildern irrt der Detektor für jeden Schluss zu oft: Jedes Standbild ist nicht eindeutig.</translation>
    </message>
    <message>
        <source>For {value} s the frames are, pixel by pixel, frames that were shown before, in the same order: {where}.</source>
        <translation>Für {value} s sind die Einzelbilder Pixel für Pixel solche, die zuvor in derselben Reihenfolge gezeigt wurden: {where}.</translation>
    </message>
    <message>
        <source>For {value} s the moving picture looks like footage that was shown before: {where}.</source>
        <translation>Für {value} s sieht das bewegte Bild aus wie zuvor gezeigtes Material: {where}.</translation>
    </message>
    <message>
        <source>Forget this &amp;clip …</source>
        <translation>Diesen &amp;Clip vergessen …</translation>
    </message>
    <message>
        <source>Frame number in display order, from 0, and the number of frames</source>
        <translation>Nummer des Einzelbilds in Anzeigereihenfolge, ab 0, und Anzahl der Einzelbilder</translation>
    </message>
    <message>
        <source>Frame of side {name}</source>
        <translation>Einzelbild der Seite {name}</translation>
    </message>
    <message>
        <source>Frame, seconds or pts</source>
        <translation>Bild, Sek. oder pts</translation>
    </message>
    <message>
        <source>Frames</source>
        <translation>Einzelbilder</translation>
    </message>
    <message>
        <source>Frames before this time are not analysed.</source>
        <translation>Einzelbilder vor dieser Zeit werden nicht analysiert.</translation>
    </message>
    <message>
        <source>Frames from this time on are not analysed.</source>
        <translation>Einzelbilder ab dieser Zeit werden nicht analysiert.</translation>
    </message>
    <message>
        <source>Frames of each track that the deep network sees; 8 to 64 in all.</source>
        <translation>Einzelbilder jeder Gesichtsspur, die das tiefe Netz sieht; 8 bis 64 insgesamt.</translation>
    </message>
    <message>
        <source>Frames that the deep network sees: some of each track (on a GPU all), none, or all, which takes long.</source>
        <translation>Einzelbilder, die das tiefe Netz sieht: einige jeder Gesichtsspur (auf einer GPU alle), keine oder alle, was lange dauert.</translation>
    </message>
    <message>
        <source>From {start} s to {end} s the mean frame probability is {mean}; the probability of the whole track is {value}.</source>
        <translation>Von {start} s bis {end} s ist die mittlere Bildwahrscheinlichkeit {mean}; die Wahrscheinlichkeit der ganzen Gesichtsspur ist {value}.</translation>
    </message>
    <message>
        <source>From {time}</source>
        <translation>Ab {time}</translation>
    </message>
    <message>
        <source>Gamma</source>
        <translation>Gamma</translation>
    </message>
    <message>
        <source>Give the selected face a name for lanes, card and report</source>
        <translation>Dem gewählten Gesicht einen Namen für Spuren, Karte und Bericht geben</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Go to</source>
        <translation>Gehe zu</translation>
    </message>
    <message>
        <source>Go to a field and press a key. Backspace or the cross in a field clears it.</source>
        <translation>Gehen Sie in ein Feld und drücken Sie eine Taste. Die Rücktaste oder das Kreuz im Feld löscht sie.</translation>
    </message>
    <message>
        <source>Go to a frame, time, timecode or pts</source>
        <translation>Gehe zu Einzelbild, Zeit, Timecode oder pts</translation>
    </message>
    <message>
        <source>Go to the next control</source>
        <translation>Zum nächsten Bedienelement</translation>
    </message>
    <message>
        <source>Go to the peak of the next suspicious segment</source>
        <translation>Zum Höchstwert des nächsten auffälligen Abschnitts gehen</translation>
    </message>
    <message>
        <source>Go to the peak of the previous suspicious segment</source>
        <translation>Zum Höchstwert des vorigen auffälligen Abschnitts gehen</translation>
    </message>
    <message>
        <source>Go to the worst frame of the selected face, which findings, list and report name, too</source>
        <translation>Zum auffälligsten Einzelbild des gewählten Gesichts, das auch Befunde, Liste und Bericht nennen</translation>
    </message>
    <message>
        <source>Go to the worst frame of this clip&apos;s result</source>
        <translation>Zum auffälligsten Einzelbild im Ergebnis dieses Clips</translation>
    </message>
    <message>
        <source>Going to frame {index} …</source>
        <translation>Einzelbild {index} wird aufgesucht …</translation>
    </message>
    <message>
        <source>HDR</source>
        <translation>HDR</translation>
    </message>
    <message>
        <source>Handled by</source>
        <translation>Bearbeitet von</translation>
    </message>
    <message>
        <source>Hash lists</source>
        <translation>Hash-Listen</translation>
    </message>
    <message>
        <source>Heat map</source>
        <translation>Heatmap</translation>
    </message>
    <message>
        <source>Heat map method</source>
        <translation>Heatmap-Verfahren</translation>
    </message>
    <message>
        <source>Heat map of {source} ({method}), {here}</source>
        <translation>Heatmap von {source} ({method}), {here}</translation>
    </message>
    <message>
        <source>Heat maps are computed while the clip is paused</source>
        <translation>Heatmaps werden berechnet, während der Clip angehalten ist</translation>
    </message>
    <message>
        <source>Heat maps come with a running or finished analysis</source>
        <translation>Heatmaps gibt es mit einer laufenden oder fertigen Analyse</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>Hilfe</translation>
    </message>
    <message>
        <source>Hide advanced settings</source>
        <translation>Erweiterte Einstellungen ausblenden</translation>
    </message>
    <message>
        <source>Hide details</source>
        <translation>Details ausblenden</translation>
    </message>
    <message>
        <source>High-pass residual</source>
        <translation>Hochpass-Rest</translation>
    </message>
    <message>
        <source>History</source>
        <translation>Verlauf</translation>
    </message>
    <message>
        <source>How it is coded, not part of the score</source>
        <translation>Wie sie codiert ist; geht nicht in die Bewertung ein</translation>
    </message>
    <message>
        <source>How often the detector errs was not measured.</source>
        <translation>Wie oft der Detektor irrt, wurde nicht gemessen.</translation>
    </message>
    <message>
        <source>How often the rule was wrong on faces whose truth was known. On other material it can be worse.</source>
        <translation>Wie oft die Regel bei Gesichtern falsch lag, deren Wahrheit bekannt war. Bei anderem Material kann es schlechter sein.</translation>
    </message>
    <message>
        <source>How strongly each face in each frame resembles the manipulations the detector was trained on.</source>
        <translation>Wie stark jedes Gesicht in jedem Einzelbild den Manipulationen gleicht, auf die der Detektor trainiert wurde.</translation>
    </message>
    <message>
        <source>How the file is built</source>
        <translation>Wie die Datei aufgebaut ist</translation>
    </message>
    <message>
        <source>How the file was read</source>
        <translation>Wie die Datei gelesen wurde</translation>
    </message>
    <message>
        <source>How thorough</source>
        <translation>Wie gründlich</translation>
    </message>
    <message>
        <source>How to &amp;read a result</source>
        <translation>Ein Ergebnis &amp;lesen</translation>
    </message>
    <message>
        <source>How to read a result</source>
        <translation>Ein Ergebnis lesen</translation>
    </message>
    <message>
        <source>I agree …</source>
        <translation>Ich stimme zu …</translation>
    </message>
    <message>
        <source>I disagree …</source>
        <translation>Ich widerspreche …</translation>
    </message>
    <message>
        <source>If the face was cut out, look for the picture that it comes from, else for one with other surroundings.</source>
        <translation>Wurde das Gesicht ausgeschnitten, suchen Sie das Bild, aus dem es stammt, sonst eines mit anderer Umgebung.</translation>
    </message>
    <message>
        <source>Imported, not verified here: this installation did not make this analysis. Analyse the clip again to verify it. It comes from: {origin}.</source>
        <translation>Importiert, hier nicht geprüft: Diese Installation hat diese Analyse nicht gemacht. Analysieren Sie den Clip erneut, um sie zu prüfen. Sie stammt von: {origin}.</translation>
    </message>
    <message>
        <source>In and out</source>
        <translation>In und Out</translation>
    </message>
    <message>
        <source>Include</source>
        <translation>Enthalten</translation>
    </message>
    <message>
        <source>Inconclusive</source>
        <translation>Nicht eindeutig</translation>
    </message>
    <message>
        <source>Indicated</source>
        <translation>Hinweis</translation>
    </message>
    <message>
        <source>Input/output error</source>
        <translation>Lese- oder Schreibfehler</translation>
    </message>
    <message>
        <source>Interlaced video from television or tape that was converted without deinterlacing it.</source>
        <translation>Zeilensprungvideo vom Fernsehen oder Band, das ohne Deinterlacing umgewandelt wurde.</translation>
    </message>
    <message>
        <source>Interval between searches for small faces (0: never).</source>
        <translation>Abstand zwischen Suchen nach kleinen Gesichtern (0: nie).</translation>
    </message>
    <message>
        <source>Is a directory</source>
        <translation>Es ist ein Ordner</translation>
    </message>
    <message>
        <source>It could not be put into a job object ({error}).</source>
        <translation>Er konnte in kein Job-Objekt gesetzt werden ({error}).</translation>
    </message>
    <message>
        <source>It could not be put into a job object ({problem}).</source>
        <translation>Er konnte in kein Job-Objekt gesetzt werden ({problem}).</translation>
    </message>
    <message>
        <source>It could not enter a sandbox ({problem}).</source>
        <translation>Er kam in keine Sandbox ({problem}).</translation>
    </message>
    <message>
        <source>It could not get low integrity.</source>
        <translation>Er bekam keine niedrige Integrität.</translation>
    </message>
    <message>
        <source>It could not open its own token ({error}).</source>
        <translation>Er konnte sein eigenes Token nicht öffnen ({error}).</translation>
    </message>
    <message>
        <source>It gains no new privileges.</source>
        <translation>Er erlangt keine neuen Rechte.</translation>
    </message>
    <message>
        <source>It gets at most {memory} GiB of memory.</source>
        <translation>Er bekommt höchstens {memory} GiB Speicher.</translation>
    </message>
    <message>
        <source>It is a statistical tool: a probability is a reason to look closer, no proof, and its absence proves nothing.</source>
        <translation>Es ist ein statistisches Werkzeug: Eine Wahrscheinlichkeit ist ein Grund, genauer hinzusehen, kein Beweis, und ihr Fehlen beweist nichts.</translation>
    </message>
    <message>
        <source>It is made when the first clip is opened.</source>
        <translation>Er wird erzeugt, wenn der erste Clip geöffnet wird.</translation>
    </message>
    <message>
        <source>It is not signed: {error}</source>
        <translation>Er ist nicht signiert: {error}</translation>
    </message>
    <message>
        <source>It leaves no core dump.</source>
        <translation>Er hinterlässt kein Speicherabbild.</translation>
    </message>
    <message>
        <source>It lies in a file that only you can read.</source>
        <translation>Er liegt in einer Datei, die nur Sie lesen können.</translation>
    </message>
    <message>
        <source>It lies in the {store}.</source>
        <translation>Er liegt im Schlüsselspeicher des Systems ({store}).</translation>
    </message>
    <message>
        <source>It looks at single frames: inconsistencies in time, voice or context do not enter.</source>
        <translation>Es betrachtet Einzelbilder: Unstimmigkeiten in Zeit, Stimme oder Zusammenhang gehen nicht ein.</translation>
    </message>
    <message>
        <source>It scores faces only. Voices, backgrounds, text and cuts are not scored.</source>
        <translation>Es werden nur Gesichter bewertet. Stimmen, Hintergründe, Text und Schnitte werden nicht bewertet.</translation>
    </message>
    <message>
        <source>It was made anew at {when}, because the key store no longer held the one before it: what that one signed counts as imported until it is analysed again.</source>
        <translation>Er wurde am {when} neu erzeugt, weil der Schlüsselspeicher den früheren nicht mehr hatte: Was mit diesem signiert ist, gilt als importiert, bis es erneut analysiert wird.</translation>
    </message>
    <message>
        <source>It was made with other settings or another model than the present ones.</source>
        <translation>Sie wurde mit anderen Einstellungen oder einem anderen Modell als jetzt gemacht.</translation>
    </message>
    <message>
        <source>Its Content Credentials declare that {what} was {made} (digitalSourceType {type}), signed by “{name}”, whose certificate is not on a trust list. This is the signer&apos;s statement, not a result of this tool, and does not enter the score.</source>
        <translation>Die Content Credentials erklären, dass {what} {made} wurde (digitalSourceType {type}), signiert von „{name}“, dessen Zertifikat nicht auf einer Vertrauensliste steht. Das ist die Aussage des Unterzeichners, kein Ergebnis dieses Werkzeugs, und geht nicht in die Bewertung ein.</translation>
    </message>
    <message>
        <source>Its Content Credentials declare that {what} was {made} (digitalSourceType {type}), signed by “{name}”, whose certificate is on a trust list. This is the signer&apos;s statement, not a result of this tool, and does not enter the score.</source>
        <translation>Die Content Credentials erklären, dass {what} {made} wurde (digitalSourceType {type}), signiert von „{name}“, dessen Zertifikat auf einer Vertrauensliste steht. Das ist die Aussage des Unterzeichners, kein Ergebnis dieses Werkzeugs, und geht nicht in die Bewertung ein.</translation>
    </message>
    <message>
        <source>Its EXIF or IPTC tags could not be read.</source>
        <translation>Die EXIF- oder IPTC-Tags ließen sich nicht lesen.</translation>
    </message>
    <message>
        <source>Its XMP states the digital source type {value}. It is not signed: anyone can write or remove it.</source>
        <translation>Ihr XMP nennt den digitalen Quelltyp {value}. Das ist nicht signiert: Jeder kann es schreiben oder entfernen.</translation>
    </message>
    <message>
        <source>Its base is CLIP, whose own model card calls any deployed use out of scope, and asks for tests in the domain of use; what was tested here is this page, and nothing else.</source>
        <translation>Seine Grundlage ist CLIP, dessen eigene Modellkarte jeden produktiven Einsatz ausschließt und Tests im Einsatzgebiet verlangt; geprüft wurde hier, was auf dieser Seite steht, und nichts anderes.</translation>
    </message>
    <message>
        <source>Its cover picture could not be compared with its frames.</source>
        <translation>Das Titelbild ließ sich nicht mit den Einzelbildern vergleichen.</translation>
    </message>
    <message>
        <source>Its environment is cleaned.</source>
        <translation>Seine Umgebung ist bereinigt.</translation>
    </message>
    <message>
        <source>Its job object has no effect on other programs.</source>
        <translation>Sein Job-Objekt wirkt nicht auf andere Programme.</translation>
    </message>
    <message>
        <source>Its job object refuses it other programs.</source>
        <translation>Sein Job-Objekt verweigert ihm andere Programme.</translation>
    </message>
    <message>
        <source>Its job object refuses it the clipboard and the windows of others.</source>
        <translation>Sein Job-Objekt verweigert ihm die Zwischenablage und die Fenster anderer.</translation>
    </message>
    <message>
        <source>Its limits were set on sibling networks, each on the sources that it did not learn.</source>
        <translation>Seine Grenzen wurden mit Schwesternetzen gesetzt, jedes an den Quellen, die es nicht gelernt hat.</translation>
    </message>
    <message>
        <source>Its privileges are removed.</source>
        <translation>Seine Rechte sind entzogen.</translation>
    </message>
    <message>
        <source>Its privileges could not be removed.</source>
        <translation>Seine Rechte konnten nicht entzogen werden.</translation>
    </message>
    <message>
        <source>Its sandbox has no effect on other files.</source>
        <translation>Seine Sandbox wirkt nicht auf andere Dateien.</translation>
    </message>
    <message>
        <source>Its sandbox has no effect on other programs.</source>
        <translation>Seine Sandbox wirkt nicht auf andere Programme.</translation>
    </message>
    <message>
        <source>Its sandbox has no effect on the network.</source>
        <translation>Seine Sandbox wirkt nicht auf das Netz.</translation>
    </message>
    <message>
        <source>Its sandbox opens no other files to it than those of its job.</source>
        <translation>Seine Sandbox öffnet ihm keine anderen Dateien als die seines Auftrags.</translation>
    </message>
    <message>
        <source>Its sandbox refuses it other programs.</source>
        <translation>Seine Sandbox verweigert ihm andere Programme.</translation>
    </message>
    <message>
        <source>Its sandbox refuses it the network.</source>
        <translation>Seine Sandbox verweigert ihm das Netz.</translation>
    </message>
    <message>
        <source>Its thumbnail could not be compared with its picture.</source>
        <translation>Das Vorschaubild ließ sich nicht mit dem Bild vergleichen.</translation>
    </message>
    <message>
        <source>JPEG quality</source>
        <translation>JPEG-Qualität</translation>
    </message>
    <message>
        <source>Keep the current frame as A beside the player&apos;s frame as B, or a frame of another clip of the list</source>
        <translation>Das aktuelle Einzelbild als A behalten, neben dem des Players als B oder einem eines anderen Clips der Liste</translation>
    </message>
    <message>
        <source>Key file</source>
        <translation>Schlüsseldatei</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>Keys (*.pem)</source>
        <translation>Schlüssel (*.pem)</translation>
    </message>
    <message>
        <source>Keys (*.pem);;All files (*)</source>
        <translation>Schlüssel (*.pem);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Keys and controls</source>
        <translation>Tasten und Bedienung</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>Bezeichnung</translation>
    </message>
    <message>
        <source>Label of the selected exhibit</source>
        <translation>Bezeichnung des gewählten Beweisstücks</translation>
    </message>
    <message>
        <source>Label of this exhibit in the list and on the report cover</source>
        <translation>Bezeichnung dieses Beweisstücks in der Liste und auf dem Deckblatt des Berichts</translation>
    </message>
    <message>
        <source>Lamps, cables and devices near the microphone. 50 Hz is used in most countries, 60 Hz in North America and parts of Asia; a recording may be played near another grid. Without hum nothing follows: phones and lossy coding remove it.</source>
        <translation>Lampen, Kabel und Geräte nahe am Mikrofon. 50 Hz gilt in den meisten Ländern, 60 Hz in Nordamerika und Teilen Asiens; eine Aufnahme kann nahe an einem anderen Netz abgespielt werden. Ohne Brummen folgt nichts: Telefone und verlustbehaftete Codierung entfernen es.</translation>
    </message>
    <message>
        <source>Landlock {version} opens no other files to it than those of its job.</source>
        <translation>Landlock {version} öffnet ihm keine anderen Dateien als die seines Auftrags.</translation>
    </message>
    <message>
        <source>Landmarks</source>
        <translation>Landmarken</translation>
    </message>
    <message>
        <source>Landmarks: off, points, contours, mesh</source>
        <translation>Landmarken: aus, Punkte, Konturen, Netz</translation>
    </message>
    <message>
        <source>Lanes of the timeline</source>
        <translation>Spuren der Zeitachse</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Language of the window, from the next start on; reports are in English.</source>
        <translation>Sprache des Fensters, ab dem nächsten Start; Berichte sind auf Englisch.</translation>
    </message>
    <message>
        <source>Laptop</source>
        <translation>Laptop</translation>
    </message>
    <message>
        <source>Last frame</source>
        <translation>Letztes Einzelbild</translation>
    </message>
    <message>
        <source>Leave it empty to use “{face}” again.</source>
        <translation>Lassen Sie das Feld leer, um wieder „{face}“ zu verwenden.</translation>
    </message>
    <message>
        <source>Leave it: the error rates were measured with this value.</source>
        <translation>So lassen: Die Fehlerquoten wurden mit diesem Wert gemessen.</translation>
    </message>
    <message>
        <source>Leave it; cpu repeats a result to the last bit.</source>
        <translation>So lassen; cpu wiederholt ein Ergebnis bis auf das letzte Bit.</translation>
    </message>
    <message>
        <source>Legend</source>
        <translation>Legende</translation>
    </message>
    <message>
        <source>Levels</source>
        <translation>Tonwerte</translation>
    </message>
    <message>
        <source>Levels at or below black become 0, at or above white 255</source>
        <translation>Tonwerte bis Schwarz werden 0, ab Weiß 255</translation>
    </message>
    <message>
        <source>Levels, gamma, sharpening and views of the pixels; scores do not change</source>
        <translation>Tonwerte, Gamma, Schärfen und Ansichten der Pixel; Bewertungen ändern sich nicht</translation>
    </message>
    <message>
        <source>Libraries</source>
        <translation>Bibliotheken</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Lizenz</translation>
    </message>
    <message>
        <source>Limits of this model</source>
        <translation>Grenzen dieses Modells</translation>
    </message>
    <message>
        <source>Limits, clips</source>
        <translation>Grenzen, Clips</translation>
    </message>
    <message>
        <source>Limits, stills</source>
        <translation>Grenzen, Standbilder</translation>
    </message>
    <message>
        <source>Lists are nested more than {deepest} deep; those further in were not read.</source>
        <translation>Listen sind mehr als {deepest}-fach verschachtelt; die inneren wurden nicht gelesen.</translation>
    </message>
    <message>
        <source>Loading the detector …
The first scores come as soon as it is ready.</source>
        <translation>Der Detektor wird geladen …
Die ersten Bewertungen kommen, sobald er bereit ist.</translation>
    </message>
    <message>
        <source>Look for a longer version of the clip: this one has too few frames, however good the copy is.</source>
        <translation>Suchen Sie eine längere Fassung des Clips: Diese hat zu wenige Einzelbilder, so gut die Kopie auch ist.</translation>
    </message>
    <message>
        <source>Loud places, recorders with a fixed level, and music that is made loud; a stretch of it beside none may be another recording.</source>
        <translation>Laute Orte, Recorder mit festem Pegel und laut produzierte Musik; eine solche Strecke neben einer ohne kann eine andere Aufnahme sein.</translation>
    </message>
    <message>
        <source>Low integrity lets it write no other files.</source>
        <translation>Niedrige Integrität lässt ihn keine anderen Dateien schreiben.</translation>
    </message>
    <message>
        <source>Lower it if a face that you see has no lane, raise it if other things have one.</source>
        <translation>Senken, wenn ein sichtbares Gesicht keine Spur hat; erhöhen, wenn andere Dinge eine haben.</translation>
    </message>
    <message>
        <source>Lower it if small faces appear only briefly.</source>
        <translation>Senken, wenn kleine Gesichter nur kurz zu sehen sind.</translation>
    </message>
    <message>
        <source>Lower it only for clips of a few frames.</source>
        <translation>Nur bei Clips aus wenigen Einzelbildern senken.</translation>
    </message>
    <message>
        <source>Makers of cameras and programs add parts of their own.</source>
        <translation>Hersteller von Kameras und Programmen fügen eigene Teile hinzu.</translation>
    </message>
    <message>
        <source>Maximum yaw</source>
        <translation>Größte Drehung</translation>
    </message>
    <message>
        <source>Measured errors per {level}</source>
        <translation>Gemessene Fehler je {level}</translation>
    </message>
    <message>
        <source>Measured on</source>
        <translation>Gemessen an</translation>
    </message>
    <message>
        <source>Memory for decoded frames; more of it speeds up stepping back.</source>
        <translation>Speicher für dekodierte Einzelbilder; mehr davon beschleunigt das Zurückgehen.</translation>
    </message>
    <message>
        <source>Messengers, download tools and most free converters and editors use FFmpeg.</source>
        <translation>Messenger, Download-Werkzeuge und die meisten freien Konverter und Schnittprogramme verwenden FFmpeg.</translation>
    </message>
    <message>
        <source>Messengers, platforms and most programs save pictures again with these tables.</source>
        <translation>Messenger, Plattformen und die meisten Programme speichern Bilder mit diesen Tabellen neu.</translation>
    </message>
    <message>
        <source>Method that computes the heat map.</source>
        <translation>Verfahren, das die Heatmap berechnet.</translation>
    </message>
    <message>
        <source>Middle or Shift-drag, Shift-wheel</source>
        <translation>Mittlere Taste oder Umschalt+Ziehen, Umschalt+Rad</translation>
    </message>
    <message>
        <source>Minimum face size</source>
        <translation>Mindestgröße des Gesichts</translation>
    </message>
    <message>
        <source>Minimum scored frames</source>
        <translation>Mindestzahl bewerteter Einzelbilder</translation>
    </message>
    <message>
        <source>Minimum sharpness</source>
        <translation>Mindestschärfe</translation>
    </message>
    <message>
        <source>Minimum visible share</source>
        <translation>Sichtbarer Mindestanteil</translation>
    </message>
    <message>
        <source>Missed or undecided</source>
        <translation>Übersehen oder unentschieden</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Model {name} {version}</source>
        <translation>Modell {name} {version}</translation>
    </message>
    <message>
        <source>Most faces have no score. {reasons}</source>
        <translation>Die meisten Gesichter sind nicht bewertet. {reasons}</translation>
    </message>
    <message>
        <source>Motion photos, thumbnails and gain maps of phones, padding, and recorders that were switched off.</source>
        <translation>Bewegte Fotos, Vorschaubilder und Gain Maps von Telefonen, Füllbytes und abgeschaltete Recorder.</translation>
    </message>
    <message>
        <source>Mouse</source>
        <translation>Maus</translation>
    </message>
    <message>
        <source>Mouth of {face}</source>
        <translation>Mund von {face}</translation>
    </message>
    <message>
        <source>Move it while zoomed in</source>
        <translation>Vergrößert verschieben</translation>
    </message>
    <message>
        <source>Move the zoomed picture</source>
        <translation>Das vergrößerte Bild verschieben</translation>
    </message>
    <message>
        <source>Movement of each point since the previous frame: dark for none, bright for the full scale</source>
        <translation>Bewegung jedes Punkts seit dem vorigen Einzelbild: dunkel für keine, hell für den vollen Bereich</translation>
    </message>
    <message>
        <source>Muting, noise gates and calls write zeros; editors and encoders add them at the start and the end.</source>
        <translation>Stummschalten, Noise Gates und Anrufe schreiben Nullen; Schnittprogramme und Encoder fügen sie am Anfang und am Ende an.</translation>
    </message>
    <message>
        <source>N&amp;ote on the selection …</source>
        <translation>Notiz zur Aus&amp;wahl …</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Name of the model bundle.</source>
        <translation>Name des Modellpakets.</translation>
    </message>
    <message>
        <source>Name this fa&amp;ce …</source>
        <translation>&amp;Gesicht benennen …</translation>
    </message>
    <message>
        <source>Name this face …</source>
        <translation>Dieses Gesicht benennen …</translation>
    </message>
    <message>
        <source>Name {face}</source>
        <translation>{face} benennen</translation>
    </message>
    <message>
        <source>Ne&amp;xt exhibit</source>
        <translation>Nä&amp;chstes Beweisstück</translation>
    </message>
    <message>
        <source>Ne&amp;xt filter view</source>
        <translation>&amp;Nächste Filteransicht</translation>
    </message>
    <message>
        <source>Nearly every phone, platform and messenger codes sound so; broadcast cuts at 15 kHz.</source>
        <translation>Fast jedes Telefon, jede Plattform und jeder Messenger codiert Ton so; der Rundfunk schneidet bei 15 kHz ab.</translation>
    </message>
    <message>
        <source>Nearly everything that is shared was coded before: messengers, platforms, editors and apps of phones code the sound anew. Vorbis and WMA, whose frames are as long, leave the same trace. Where it is not seen nothing follows, for the trace is lost where the last coding is the coarser one.</source>
        <translation>Fast alles, was geteilt wird, wurde schon einmal codiert: Messenger, Plattformen, Schnittprogramme und Apps von Telefonen codieren den Ton neu. Vorbis und WMA mit ebenso langen Frames hinterlassen dieselbe Spur. Wo nichts zu sehen ist, folgt daraus nichts, denn die Spur geht verloren, wo die letzte Codierung die gröbere ist.</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>Netz</translation>
    </message>
    <message>
        <source>Never seen in training or tests</source>
        <translation>In Training und Tests nie gesehen</translation>
    </message>
    <message>
        <source>New key …</source>
        <translation>Neuer Schlüssel …</translation>
    </message>
    <message>
        <source>New note</source>
        <translation>Neue Notiz</translation>
    </message>
    <message>
        <source>News agencies crop, tone and caption every picture in such programs.</source>
        <translation>Nachrichtenagenturen beschneiden, korrigieren und beschriften jedes Bild in solchen Programmen.</translation>
    </message>
    <message>
        <source>Next &amp;face</source>
        <translation>Nächstes Ge&amp;sicht</translation>
    </message>
    <message>
        <source>Next &amp;theme</source>
        <translation>Nächs&amp;tes Farbschema</translation>
    </message>
    <message>
        <source>No clip is open</source>
        <translation>Kein Clip geöffnet</translation>
    </message>
    <message>
        <source>No clip is open for this request; open it again.</source>
        <translation>Für diese Anforderung ist kein Clip geöffnet; öffnen Sie ihn erneut.</translation>
    </message>
    <message>
        <source>No clip is open.</source>
        <translation>Kein Clip geöffnet.</translation>
    </message>
    <message>
        <source>No copy of a still can clear it; a better one may show a manipulation. Look for where it was first published, and for other pictures of that moment.</source>
        <translation>Keine Kopie eines Standbilds kann es entlasten; eine bessere kann eine Manipulation zeigen. Suchen Sie, wo es zuerst veröffentlicht wurde, und andere Bilder dieses Moments.</translation>
    </message>
    <message>
        <source>No data leaves this computer. The program is licensed under the Apache License 2.0; its file NOTICE names the work of others that it contains.</source>
        <translation>Keine Daten verlassen diesen Computer. Das Programm steht unter der Apache-Lizenz 2.0; seine Datei NOTICE nennt die enthaltenen Werke anderer.</translation>
    </message>
    <message>
        <source>No detector was installed, so the tool says nothing about this clip.</source>
        <translation>Kein Detektor war installiert, daher sagt das Werkzeug nichts über diesen Clip.</translation>
    </message>
    <message>
        <source>No face could be scored.</source>
        <translation>Kein Gesicht konnte bewertet werden.</translation>
    </message>
    <message>
        <source>No face was found in this frame.</source>
        <translation>In diesem Einzelbild wurde kein Gesicht gefunden.</translation>
    </message>
    <message>
        <source>No face was found, so there is nothing to plot.</source>
        <translation>Es wurde kein Gesicht gefunden, daher gibt es nichts zu zeichnen.</translation>
    </message>
    <message>
        <source>No faces were looked for, as the settings say: what is called a face here is the whole frame.</source>
        <translation>Nach Einstellung wurden keine Gesichter gesucht: Was hier Gesicht heißt, ist das ganze Bild.</translation>
    </message>
    <message>
        <source>No frame of this track could be scored.</source>
        <translation>Kein Einzelbild dieser Gesichtsspur konnte bewertet werden.</translation>
    </message>
    <message>
        <source>No further suspicious segment after this frame.</source>
        <translation>Kein weiterer auffälliger Abschnitt nach diesem Einzelbild.</translation>
    </message>
    <message>
        <source>No further suspicious segment before this frame.</source>
        <translation>Kein weiterer auffälliger Abschnitt vor diesem Einzelbild.</translation>
    </message>
    <message>
        <source>No heat map here: no face of this frame was scored</source>
        <translation>Hier keine Heatmap: Kein Gesicht dieses Einzelbilds wurde bewertet</translation>
    </message>
    <message>
        <source>No heat map: it could not be computed. Switch heat maps off and on to try again</source>
        <translation>Keine Heatmap: Sie konnte nicht berechnet werden. Schalten Sie Heatmaps aus und ein, um es erneut zu versuchen</translation>
    </message>
    <message>
        <source>No heat map: there is no model bundle</source>
        <translation>Keine Heatmap: Es gibt kein Modellpaket</translation>
    </message>
    <message>
        <source>No heat map: this clip has no finished analysis with a model</source>
        <translation>Keine Heatmap: Dieser Clip hat keine abgeschlossene Analyse mit einem Modell</translation>
    </message>
    <message>
        <source>No model bundle is installed, so nothing is scored. Clips still play, and an analysis finds faces, landmarks and signals.</source>
        <translation>Kein Modellpaket ist installiert, daher wird nichts bewertet. Clips laufen trotzdem, und eine Analyse findet Gesichter, Landmarken und Signale.</translation>
    </message>
    <message>
        <source>No model bundle is installed: clips play and faces are found, but nothing is scored.</source>
        <translation>Kein Modellpaket ist installiert: Clips laufen und Gesichter werden gefunden, aber nichts wird bewertet.</translation>
    </message>
    <message>
        <source>No model bundle is installed: the analysis finds faces, landmarks and signals, but scores nothing.</source>
        <translation>Kein Modellpaket ist installiert: Die Analyse findet Gesichter, Landmarken und Signale, bewertet aber nichts.</translation>
    </message>
    <message>
        <source>No model bundle was loaded, so nothing was scored.</source>
        <translation>Kein Modellpaket war geladen, daher wurde nichts bewertet.</translation>
    </message>
    <message>
        <source>No picture at this point: {problem}</source>
        <translation>Kein Bild an dieser Stelle: {problem}</translation>
    </message>
    <message>
        <source>No space left on device</source>
        <translation>Auf dem Datenträger ist kein Platz mehr</translation>
    </message>
    <message>
        <source>No still comes out as &quot;no manipulation indicated&quot;: too few sources of fakes were left out for that.</source>
        <translation>Kein Standbild ergibt „kein Hinweis auf Manipulation“: Dafür wurden zu wenige Quellen von Fälschungen ausgelassen.</translation>
    </message>
    <message>
        <source>No such file or directory</source>
        <translation>Datei oder Ordner nicht gefunden</translation>
    </message>
    <message>
        <source>No trust list is installed, so the signer was not checked against one: anyone can make a certificate in any name.</source>
        <translation>Keine Vertrauensliste ist installiert, daher wurde der Unterzeichner gegen keine geprüft: Jeder kann ein Zertifikat auf jeden Namen erstellen.</translation>
    </message>
    <message>
        <source>Not a directory</source>
        <translation>Es ist kein Ordner</translation>
    </message>
    <message>
        <source>Not analysed yet</source>
        <translation>Noch nicht analysiert</translation>
    </message>
    <message>
        <source>Not counted</source>
        <translation>Nicht gezählt</translation>
    </message>
    <message>
        <source>Not scored</source>
        <translation>Nicht bewertet</translation>
    </message>
    <message>
        <source>Not scored: {reasons}.</source>
        <translation>Nicht bewertet: {reasons}.</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Notiz</translation>
    </message>
    <message>
        <source>Note on a selection</source>
        <translation>Notiz zu einer Auswahl</translation>
    </message>
    <message>
        <source>Note …</source>
        <translation>Notiz …</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>Notizen</translation>
    </message>
    <message>
        <source>Notes, bookmarks and pictures</source>
        <translation>Notizen, Lesezeichen und Bilder</translation>
    </message>
    <message>
        <source>Nothing about this clip can be saved: {parent} cannot be created ({strerror}); free some space there or change its permissions, and open the clip again.</source>
        <translation>Zu diesem Clip lässt sich nichts speichern: {parent} kann nicht angelegt werden ({strerror}); schaffen Sie dort Platz oder ändern Sie die Rechte, und öffnen Sie den Clip erneut.</translation>
    </message>
    <message>
        <source>Nothing measures whether a face is unlike everything that was learnt: for the shipped weights no test of such a measure on unseen sources is possible.</source>
        <translation>Nichts misst, ob ein Gesicht allem Gelernten unähnlich ist: Für die mitgelieferten Gewichte lässt sich ein solches Maß nicht an ungesehenen Quellen prüfen.</translation>
    </message>
    <message>
        <source>Nothing was scored</source>
        <translation>Nichts wurde bewertet</translation>
    </message>
    <message>
        <source>Now: {state}</source>
        <translation>Jetzt: {state}</translation>
    </message>
    <message>
        <source>Number of the stream of pictures that is analysed; without one, the main stream.</source>
        <translation>Nummer des Bildstreams, der analysiert wird; ohne Angabe der Hauptstream.</translation>
    </message>
    <message>
        <source>O&amp;ne frame forward</source>
        <translation>Ein Einzelbild &amp;vor</translation>
    </message>
    <message>
        <source>Observed</source>
        <translation>Beobachtet</translation>
    </message>
    <message>
        <source>Obtained how</source>
        <translation>Wie erhalten</translation>
    </message>
    <message>
        <source>Obtained on</source>
        <translation>Erhalten am</translation>
    </message>
    <message>
        <source>Of 100 faces</source>
        <translation>Von 100 Gesichtern</translation>
    </message>
    <message>
        <source>Of 100 unmanipulated faces the detector wrongly flags {wrong}; of 100 manipulated ones it flags {caught} and misses or leaves undecided {others}.</source>
        <translation>Von 100 unmanipulierten Gesichtern meldet der Detektor {wrong} fälschlich; von 100 manipulierten meldet er {caught} und übersieht {others} oder lässt sie unentschieden.</translation>
    </message>
    <message>
        <source>Of stills fewer sources were left out than a limit takes that an original of the next source reaches with a chance of at most 5 %, as that of clips. The one for stills it reaches with a chance of at most 10 %, and an original of the next source of clips or stills with one of at most 2 %.</source>
        <translation>Von Standbildern wurden weniger Quellen ausgelassen, als für eine Grenze nötig sind, die ein Original der nächsten Quelle höchstens mit 5 % Wahrscheinlichkeit erreicht, wie die für Clips. Die für Standbilder erreicht es höchstens mit 10 %, und ein Original der nächsten Quelle von Clips oder Standbildern höchstens mit 2 % Wahrscheinlichkeit.</translation>
    </message>
    <message>
        <source>On the scale of the timeline: {values}.</source>
        <translation>Auf der Skala der Zeitleiste: {values}.</translation>
    </message>
    <message>
        <source>Once the clip is analysed, each face&apos;s probability is plotted here.</source>
        <translation>Sobald der Clip analysiert ist, erscheint hier die Wahrscheinlichkeit jedes Gesichts.</translation>
    </message>
    <message>
        <source>One frame b&amp;ack</source>
        <translation>Ein Einzelbild &amp;zurück</translation>
    </message>
    <message>
        <source>One frame back</source>
        <translation>Ein Einzelbild zurück</translation>
    </message>
    <message>
        <source>One frame back on the side of the comparison that does not follow the player</source>
        <translation>Ein Einzelbild zurück auf der Seite des Vergleichs, die dem Player nicht folgt</translation>
    </message>
    <message>
        <source>One frame forward</source>
        <translation>Ein Einzelbild vor</translation>
    </message>
    <message>
        <source>One frame forward on the side of the comparison that does not follow the player</source>
        <translation>Ein Einzelbild vor auf der Seite des Vergleichs, die dem Player nicht folgt</translation>
    </message>
    <message>
        <source>One frame in {value} repeats the one before it: the frame rate was raised by repeating frames.</source>
        <translation>Jedes {value}. Einzelbild wiederholt das vorige: Die Bildrate wurde durch Wiederholen erhöht.</translation>
    </message>
    <message>
        <source>One report for each analysed exhibit, with its own cover, and a list of all exhibits. What you choose here holds for all of them; you choose the folder next.</source>
        <translation>Ein Bericht je analysiertem Beweisstück mit eigenem Deckblatt und eine Liste aller Beweisstücke. Was Sie hier wählen, gilt für alle; den Ordner wählen Sie danach.</translation>
    </message>
    <message>
        <source>One time stamp repeats or lies far from the neighbours&apos;: {places}.</source>
        <translation>Ein Zeitstempel wiederholt sich oder liegt weit von denen der Nachbarn: {places}.</translation>
    </message>
    <message>
        <source>Only 1 frame could be scored; at least {least} are needed.</source>
        <translation>Nur 1 Einzelbild konnte bewertet werden; mindestens {least} sind nötig.</translation>
    </message>
    <message>
        <source>Only for bundles that were trained on whole frames.</source>
        <translation>Nur für Pakete, die auf ganzen Einzelbildern trainiert wurden.</translation>
    </message>
    <message>
        <source>Only one frame in {count} was examined, as the settings say.</source>
        <translation>Nur jedes {count}. Einzelbild wurde untersucht, wie die Einstellungen es sagen.</translation>
    </message>
    <message>
        <source>Only open</source>
        <translation>Nur öffnen</translation>
    </message>
    <message>
        <source>Only the first {most_seconds} hours of the sound were examined.</source>
        <translation>Nur die ersten {most_seconds} Stunden des Tons wurden untersucht.</translation>
    </message>
    <message>
        <source>Only the other file</source>
        <translation>Nur die andere Datei</translation>
    </message>
    <message>
        <source>Only the part before {end} s was examined, as the settings say.</source>
        <translation>Nur der Teil vor {end} s wurde untersucht, wie die Einstellungen es sagen.</translation>
    </message>
    <message>
        <source>Only the part from {start} s on was examined, as the settings say.</source>
        <translation>Nur der Teil ab {start} s wurde untersucht, wie die Einstellungen es sagen.</translation>
    </message>
    <message>
        <source>Only the part from {start} s to {end} s was examined, as the settings say.</source>
        <translation>Nur der Teil von {start} s bis {end} s wurde untersucht, wie die Einstellungen es sagen.</translation>
    </message>
    <message>
        <source>Only this file</source>
        <translation>Nur diese Datei</translation>
    </message>
    <message>
        <source>Only {count} frames could be scored; at least {least} are needed.</source>
        <translation>Nur {count} Einzelbilder konnten bewertet werden; mindestens {least} sind nötig.</translation>
    </message>
    <message>
        <source>Opacity of the heat map</source>
        <translation>Deckkraft der Heatmap</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Open &amp;recent</source>
        <translation>&amp;Zuletzt geöffnet</translation>
    </message>
    <message>
        <source>Open PDF</source>
        <translation>PDF öffnen</translation>
    </message>
    <message>
        <source>Open a clip</source>
        <translation>Clip öffnen</translation>
    </message>
    <message>
        <source>Open a clip …</source>
        <translation>Clip öffnen …</translation>
    </message>
    <message>
        <source>Open a clip, a still or a case file</source>
        <translation>Clip, Standbild oder Falldatei öffnen</translation>
    </message>
    <message>
        <source>Open again</source>
        <translation>Erneut öffnen</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>Ordner öffnen</translation>
    </message>
    <message>
        <source>Open or add to the case?</source>
        <translation>Öffnen oder zum Fall hinzufügen?</translation>
    </message>
    <message>
        <source>Open recent &amp;case</source>
        <translation>&amp;Zuletzt geöffnete Fälle</translation>
    </message>
    <message>
        <source>Open the &amp;demo clip</source>
        <translation>&amp;Demo-Clip öffnen</translation>
    </message>
    <message>
        <source>Open the clip that comes with the program</source>
        <translation>Den mitgelieferten Clip öffnen</translation>
    </message>
    <message>
        <source>Open the folder of a case</source>
        <translation>Ordner eines Falls öffnen</translation>
    </message>
    <message>
        <source>Open this exhibit (double-click, Enter)</source>
        <translation>Dieses Beweisstück öffnen (Doppelklick, Eingabetaste)</translation>
    </message>
    <message>
        <source>Open …</source>
        <translation>Öffnen …</translation>
    </message>
    <message>
        <source>Opening stream {number} of {name} …</source>
        <translation>Stream {number} von {name} wird geöffnet …</translation>
    </message>
    <message>
        <source>Opening the case in {path} …</source>
        <translation>Der Fall in {path} wird geöffnet …</translation>
    </message>
    <message>
        <source>Opening the pictures …</source>
        <translation>Die Bilder werden geöffnet …</translation>
    </message>
    <message>
        <source>Opening {name} and comparing its SHA-256 …</source>
        <translation>{name} wird geöffnet, SHA-256 wird verglichen …</translation>
    </message>
    <message>
        <source>Opening {name} and computing its SHA-256 …</source>
        <translation>{name} wird geöffnet, SHA-256 wird berechnet …</translation>
    </message>
    <message>
        <source>Opening {name} and reading its index …</source>
        <translation>{name} wird geöffnet, der Index wird gelesen …</translation>
    </message>
    <message>
        <source>Operation not permitted</source>
        <translation>Der Vorgang ist nicht erlaubt</translation>
    </message>
    <message>
        <source>Optical flow</source>
        <translation>Optischer Fluss</translation>
    </message>
    <message>
        <source>Optical flow: the picture has fewer than {flow_px} rows or columns</source>
        <translation>Optischer Fluss: Das Bild hat weniger als {flow_px} Zeilen oder Spalten</translation>
    </message>
    <message>
        <source>Organisation</source>
        <translation>Organisation</translation>
    </message>
    <message>
        <source>Original or copy</source>
        <translation>Original oder Kopie</translation>
    </message>
    <message>
        <source>Other pictures in the file</source>
        <translation>Weitere Bilder in der Datei</translation>
    </message>
    <message>
        <source>Out of date: the settings have changed since. Analyse again to use them.</source>
        <translation>Veraltet: Die Einstellungen wurden seither geändert. Analysieren Sie neu, um sie anzuwenden.</translation>
    </message>
    <message>
        <source>Overview of the whole clip</source>
        <translation>Übersicht über den ganzen Clip</translation>
    </message>
    <message>
        <source>Own settings</source>
        <translation>Eigene Einstellungen</translation>
    </message>
    <message>
        <source>PNG (*.png)</source>
        <translation>PNG (*.png)</translation>
    </message>
    <message>
        <source>Pages of the landmark signals</source>
        <translation>Seiten mit den Signalen der Landmarken</translation>
    </message>
    <message>
        <source>Panels</source>
        <translation>Bereiche</translation>
    </message>
    <message>
        <source>Partly analysed</source>
        <translation>Teilweise analysiert</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>Passphrase</translation>
    </message>
    <message>
        <source>Passphrase of the key</source>
        <translation>Passphrase des Schlüssels</translation>
    </message>
    <message>
        <source>Path</source>
        <translation>Pfad</translation>
    </message>
    <message>
        <source>People shrink clips with it to send or archive them.</source>
        <translation>Damit werden Clips verkleinert, um sie zu senden oder zu archivieren.</translation>
    </message>
    <message>
        <source>Permission denied</source>
        <translation>Keine Berechtigung</translation>
    </message>
    <message>
        <source>Phones write it if it is allowed; most platforms remove it. Anyone can change it.</source>
        <translation>Telefone schreiben ihn, wenn es erlaubt ist; die meisten Plattformen entfernen ihn. Jeder kann ihn ändern.</translation>
    </message>
    <message>
        <source>Phones write it; programs that edit on the phone keep it.</source>
        <translation>Telefone schreiben es; Programme, die auf dem Telefon bearbeiten, behalten es.</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>Picture cache</source>
        <translation>Bildspeicher</translation>
    </message>
    <message>
        <source>Pictures in the file: {text}.</source>
        <translation>Bilder in der Datei: {text}.</translation>
    </message>
    <message>
        <source>Pixel aspect</source>
        <translation>Pixelverhältnis</translation>
    </message>
    <message>
        <source>Platforms and messengers code sound at low rates; synthetic voices are often made at 22.05 or 24 kHz.</source>
        <translation>Plattformen und Messenger codieren Ton mit niedrigen Raten; synthetische Stimmen werden oft mit 22.05 oder 24 kHz erzeugt.</translation>
    </message>
    <message>
        <source>Platforms, messengers and FFmpeg&apos;s option faststart do this.</source>
        <translation>Plattformen, Messenger und die Option faststart von FFmpeg tun das.</translation>
    </message>
    <message>
        <source>Play &amp;backwards</source>
        <translation>&amp;Rückwärts abspielen</translation>
    </message>
    <message>
        <source>Play &amp;forwards</source>
        <translation>V&amp;orwärts abspielen</translation>
    </message>
    <message>
        <source>Play backwards; press again to play faster</source>
        <translation>Rückwärts abspielen; erneut drücken für schneller</translation>
    </message>
    <message>
        <source>Play forwards; press again to play faster</source>
        <translation>Vorwärts abspielen; erneut drücken für schneller</translation>
    </message>
    <message>
        <source>Play or pause</source>
        <translation>Wiedergabe oder Pause</translation>
    </message>
    <message>
        <source>Playback</source>
        <translation>Wiedergabe</translation>
    </message>
    <message>
        <source>Player</source>
        <translation>Player</translation>
    </message>
    <message>
        <source>Players, platforms, wireless microphones and converters shift the sound by up to some hundred milliseconds; a voice from off screen, dubbing, music, masks and a turned head leave nothing to compare.</source>
        <translation>Player, Plattformen, Funkmikrofone und Konverter verschieben den Ton um bis zu einige hundert Millisekunden; bei einer Stimme aus dem Off, Synchronisation, Musik, Masken und einem abgewandten Kopf gibt es nichts zu vergleichen.</translation>
    </message>
    <message>
        <source>Portraits from studios, small old photographs, restored or strongly compressed clips of real people come out high in the siblings; beauty filters and upscaling may do the same.</source>
        <translation>Studioporträts, kleine alte Fotos, restaurierte oder stark komprimierte Clips echter Menschen werden von den Schwesternetzen hoch bewertet; Schönheitsfilter und Hochskalieren können dasselbe bewirken.</translation>
    </message>
    <message>
        <source>Position of side {name}</source>
        <translation>Position der Seite {name}</translation>
    </message>
    <message>
        <source>Presentation time stamp, which identifies the frame in the file</source>
        <translation>Präsentationszeitstempel, der das Einzelbild in der Datei bezeichnet</translation>
    </message>
    <message>
        <source>Preset</source>
        <translation>Voreinstellung</translation>
    </message>
    <message>
        <source>Press the control</source>
        <translation>Bedienelement auslösen</translation>
    </message>
    <message>
        <source>Prob.</source>
        <translation>Wahrsch.</translation>
    </message>
    <message>
        <source>Problem</source>
        <translation>Problem</translation>
    </message>
    <message>
        <source>Programs and agencies state how a picture was made; AI services write trainedAlgorithmicMedia.</source>
        <translation>Programme und Agenturen geben an, wie ein Bild entstand; KI-Dienste schreiben trainedAlgorithmicMedia.</translation>
    </message>
    <message>
        <source>Programs that crop, edit or collage a picture and keep the thumbnail of the camera; damaged or reused metadata.</source>
        <translation>Programme, die ein Bild beschneiden, bearbeiten oder montieren und das Vorschaubild der Kamera behalten; beschädigte oder wiederverwendete Metadaten.</translation>
    </message>
    <message>
        <source>Progress of the analysis</source>
        <translation>Fortschritt der Analyse</translation>
    </message>
    <message>
        <source>Raise it for hours of material; short manipulations may then be missed.</source>
        <translation>Bei Stunden von Material erhöhen; kurze Manipulationen können dann entgehen.</translation>
    </message>
    <message>
        <source>Raise it if the curve flickers too much to be read.</source>
        <translation>Erhöhen, wenn die Kurve zu sehr flackert, um lesbar zu sein.</translation>
    </message>
    <message>
        <source>Raise it if the suspicious passage is shorter than a second.</source>
        <translation>Erhöhen, wenn die verdächtige Stelle kürzer als eine Sekunde ist.</translation>
    </message>
    <message>
        <source>Rate</source>
        <translation>Bildrate</translation>
    </message>
    <message>
        <source>Read-only file system</source>
        <translation>Der Datenträger ist schreibgeschützt</translation>
    </message>
    <message>
        <source>Recent cases</source>
        <translation>Zuletzt geöffnete Fälle</translation>
    </message>
    <message>
        <source>Recent clips</source>
        <translation>Zuletzt geöffnete Clips</translation>
    </message>
    <message>
        <source>Recorded beside the file by a downloader, not verified</source>
        <translation>Von einem Downloader neben der Datei notiert, nicht geprüft</translation>
    </message>
    <message>
        <source>Redo what was undone</source>
        <translation>Rückgängig Gemachtes wiederholen</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Remove the in and out points</source>
        <translation>In- und Out-Punkt entfernen</translation>
    </message>
    <message>
        <source>Remove this exhibit from the list; its files are not deleted (Del)</source>
        <translation>Dieses Beweisstück aus der Liste entfernen; seine Dateien werden nicht gelöscht (Entf)</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>Bericht</translation>
    </message>
    <message>
        <source>Report cover</source>
        <translation>Deckblatt des Berichts</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>Zurücksetzen</translation>
    </message>
    <message>
        <source>Reset all settings; your name is kept</source>
        <translation>Alle Einstellungen zurücksetzen; Ihr Name bleibt</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Resume analysis</source>
        <translation>Analyse fortsetzen</translation>
    </message>
    <message>
        <source>Resume the analysis: the rest of the clip may allow a conclusion.</source>
        <translation>Setzen Sie die Analyse fort: Der Rest des Clips kann ein Ergebnis erlauben.</translation>
    </message>
    <message>
        <source>SHA-256</source>
        <translation>SHA-256</translation>
    </message>
    <message>
        <source>SHA-256 of it</source>
        <translation>Dessen SHA-256</translation>
    </message>
    <message>
        <source>SHA-256, deep look</source>
        <translation>SHA-256, Tiefenprüfung</translation>
    </message>
    <message>
        <source>SHA-256, fast look</source>
        <translation>SHA-256, Schnellprüfung</translation>
    </message>
    <message>
        <source>Samples are cut off at full scale: {value}.</source>
        <translation>Abtastwerte sind bei Vollaussteuerung abgeschnitten: {value}.</translation>
    </message>
    <message>
        <source>Sampling</source>
        <translation>Abtastung</translation>
    </message>
    <message>
        <source>Save &amp;view …</source>
        <translation>&amp;Ansicht speichern …</translation>
    </message>
    <message>
        <source>Save again</source>
        <translation>Erneut speichern</translation>
    </message>
    <message>
        <source>Save change</source>
        <translation>Änderung speichern</translation>
    </message>
    <message>
        <source>Save decision</source>
        <translation>Entscheidung speichern</translation>
    </message>
    <message>
        <source>Save the frame&apos;s pixels as a lossless PNG that describes its source</source>
        <translation>Pixel des Einzelbilds als verlustfreies PNG speichern, das seine Quelle beschreibt</translation>
    </message>
    <message>
        <source>Save the picture</source>
        <translation>Bild speichern</translation>
    </message>
    <message>
        <source>Save the picture as shown, with overlays and zoom, as a PNG</source>
        <translation>Bild wie gezeigt, mit Überlagerungen und Zoom, als PNG speichern</translation>
    </message>
    <message>
        <source>Saved {path} without overlays (Save view keeps them).</source>
        <translation>{path} wurde ohne Überlagerungen gespeichert („Ansicht speichern“ behält sie).</translation>
    </message>
    <message>
        <source>Saved {path}.</source>
        <translation>{path} wurde gespeichert.</translation>
    </message>
    <message>
        <source>Scanning</source>
        <translation>Abtastverfahren</translation>
    </message>
    <message>
        <source>Score every frame of the clip, or continue a stopped analysis</source>
        <translation>Jedes Einzelbild des Clips bewerten oder eine angehaltene Analyse fortsetzen</translation>
    </message>
    <message>
        <source>Score the whole frame instead of face crops.</source>
        <translation>Das ganze Einzelbild statt der Gesichtsausschnitte bewerten.</translation>
    </message>
    <message>
        <source>Scored</source>
        <translation>Bewertet</translation>
    </message>
    <message>
        <source>Scores are computed from the unfiltered frame</source>
        <translation>Bewertet wird immer das ungefilterte Einzelbild</translation>
    </message>
    <message>
        <source>Screen recordings, dropped frames in video calls and of slow phones, variable frame rates made constant.</source>
        <translation>Bildschirmaufnahmen, ausgelassene Einzelbilder in Videoanrufen und langsamen Telefonen, variable Bildraten, die konstant gemacht wurden.</translation>
    </message>
    <message>
        <source>Scroll in time</source>
        <translation>In der Zeit blättern</translation>
    </message>
    <message>
        <source>Se&amp;ttings …</source>
        <translation>&amp;Einstellungen …</translation>
    </message>
    <message>
        <source>Section {number}</source>
        <translation>Abschnitt {number}</translation>
    </message>
    <message>
        <source>Seek</source>
        <translation>Springen</translation>
    </message>
    <message>
        <source>Select a range</source>
        <translation>Bereich auswählen</translation>
    </message>
    <message>
        <source>Select the next face</source>
        <translation>Das nächste Gesicht wählen</translation>
    </message>
    <message>
        <source>Set &amp;in</source>
        <translation>&amp;In setzen</translation>
    </message>
    <message>
        <source>Set &amp;out</source>
        <translation>Out se&amp;tzen</translation>
    </message>
    <message>
        <source>Set it to examine one passage of a long clip.</source>
        <translation>Setzen, um eine Stelle eines langen Clips zu untersuchen.</translation>
    </message>
    <message>
        <source>Set on</source>
        <translation>Gesetzt an</translation>
    </message>
    <message>
        <source>Set the in and out points to the selection</source>
        <translation>In- und Out-Punkt auf die Auswahl setzen</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Settings …</source>
        <translation>Einstellungen …</translation>
    </message>
    <message>
        <source>Sharpen</source>
        <translation>Schärfen</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Anzeigen</translation>
    </message>
    <message>
        <source>Show a longer time range</source>
        <translation>Einen längeren Zeitraum zeigen</translation>
    </message>
    <message>
        <source>Show a shorter time range</source>
        <translation>Einen kürzeren Zeitraum zeigen</translation>
    </message>
    <message>
        <source>Show advanced settings</source>
        <translation>Erweiterte Einstellungen zeigen</translation>
    </message>
    <message>
        <source>Show both pictures over each other with an edge to drag, or side by side</source>
        <translation>Beide Bilder übereinander mit verschiebbarer Kante oder nebeneinander zeigen</translation>
    </message>
    <message>
        <source>Show face boxes with number and probability</source>
        <translation>Gesichtsrahmen mit Nummer und Wahrscheinlichkeit zeigen</translation>
    </message>
    <message>
        <source>Show one screen pixel per picture pixel</source>
        <translation>Ein Bildschirmpixel je Bildpixel zeigen</translation>
    </message>
    <message>
        <source>Show the close-up in place of the picture, and back</source>
        <translation>Nahansicht anstelle des Bildes zeigen, und zurück</translation>
    </message>
    <message>
        <source>Show the decoded picture</source>
        <translation>Das dekodierte Bild zeigen</translation>
    </message>
    <message>
        <source>Show the next exhibit</source>
        <translation>Das nächste Beweisstück zeigen</translation>
    </message>
    <message>
        <source>Show the picture, or a view that is computed from it</source>
        <translation>Das Bild oder eine daraus berechnete Ansicht zeigen</translation>
    </message>
    <message>
        <source>Show the player&apos;s frame on this side; switch off to keep the current frame</source>
        <translation>Das Einzelbild des Players auf dieser Seite zeigen; ausschalten, um das aktuelle zu behalten</translation>
    </message>
    <message>
        <source>Show the previous exhibit</source>
        <translation>Das vorige Beweisstück zeigen</translation>
    </message>
    <message>
        <source>Show the selected face, its heat map and the neighbouring frames</source>
        <translation>Das gewählte Gesicht, seine Heatmap und die benachbarten Einzelbilder zeigen</translation>
    </message>
    <message>
        <source>Show the signals of the selected face in the timeline</source>
        <translation>Die Signale des gewählten Gesichts in der Zeitachse zeigen</translation>
    </message>
    <message>
        <source>Show the whole clip in the timeline</source>
        <translation>Den ganzen Clip in der Zeitachse zeigen</translation>
    </message>
    <message>
        <source>Show the whole frame, or one face aligned by its eyes</source>
        <translation>Das ganze Einzelbild oder ein nach den Augen ausgerichtetes Gesicht zeigen</translation>
    </message>
    <message>
        <source>Show this clip at the player&apos;s time from the start; switch off to choose a frame of its own</source>
        <translation>Diesen Clip zur Zeit des Players ab Anfang zeigen; abschalten, um ein eigenes Einzelbild zu wählen</translation>
    </message>
    <message>
        <source>Show where the network looked in this frame&apos;s face crop</source>
        <translation>Zeigen, wohin das Netz im Gesichtsausschnitt dieses Einzelbilds geschaut hat</translation>
    </message>
    <message>
        <source>Shown of this file</source>
        <translation>Aus dieser Datei gezeigt</translation>
    </message>
    <message>
        <source>Side by side</source>
        <translation>Nebeneinander</translation>
    </message>
    <message>
        <source>Side {name} follows the player</source>
        <translation>Seite {name} folgt dem Player</translation>
    </message>
    <message>
        <source>Sign with my key</source>
        <translation>Mit meinem Schlüssel signieren</translation>
    </message>
    <message>
        <source>Signature</source>
        <translation>Signatur</translation>
    </message>
    <message>
        <source>Signed manifest</source>
        <translation>Signiertes Manifest</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Skin tones, ages and film stocks are not balanced in the training data; error rates by group were not measured.</source>
        <translation>Hauttöne, Alter und Filmmaterial sind in den Trainingsdaten nicht ausgewogen; Fehlerquoten nach Gruppen wurden nicht gemessen.</translation>
    </message>
    <message>
        <source>Small-face search</source>
        <translation>Suche nach kleinen Gesichtern</translation>
    </message>
    <message>
        <source>Smaller faces are not scored.</source>
        <translation>Kleinere Gesichter werden nicht bewertet.</translation>
    </message>
    <message>
        <source>Smoothing</source>
        <translation>Glättung</translation>
    </message>
    <message>
        <source>Sound</source>
        <translation>Ton</translation>
    </message>
    <message>
        <source>Sound, not part of the score</source>
        <translation>Ton; geht nicht in die Bewertung ein</translation>
    </message>
    <message>
        <source>Sound: {name} from {start:.2f} to {end:.2f} s</source>
        <translation>Ton: {name} von {start:.2f} bis {end:.2f} s</translation>
    </message>
    <message>
        <source>Sound: {text}</source>
        <translation>Ton: {text}</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>Quelle</translation>
    </message>
    <message>
        <source>Space, Enter</source>
        <translation>Leertaste, Eingabetaste</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>Tempo</translation>
    </message>
    <message>
        <source>Speed of playback</source>
        <translation>Tempo der Wiedergabe</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Anfang</translation>
    </message>
    <message>
        <source>Start page</source>
        <translation>Startseite</translation>
    </message>
    <message>
        <source>Start the range at the current frame</source>
        <translation>Bereich am aktuellen Einzelbild beginnen</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Stop all analyses; their results so far are kept</source>
        <translation>Alle Analysen anhalten; ihre bisherigen Ergebnisse bleiben erhalten</translation>
    </message>
    <message>
        <source>Stop the analysis; its results so far are kept</source>
        <translation>Analyse anhalten; ihre bisherigen Ergebnisse bleiben erhalten</translation>
    </message>
    <message>
        <source>Stored as</source>
        <translation>Gespeichert als</translation>
    </message>
    <message>
        <source>Stream</source>
        <translation>Stream</translation>
    </message>
    <message>
        <source>Stream {number}</source>
        <translation>Stream {number}</translation>
    </message>
    <message>
        <source>Stream {number} of {name} ({kind}, {codec}) cannot be decoded; choose another.</source>
        <translation>Spur {number} von {name} ({kind}, {codec}) lässt sich nicht dekodieren; wählen Sie eine andere.</translation>
    </message>
    <message>
        <source>Streaming services, browsers and some recorders write fragments.</source>
        <translation>Streamingdienste, Browser und manche Recorder schreiben Fragmente.</translation>
    </message>
    <message>
        <source>Structure compared with {file}; sizes are left out</source>
        <translation>Aufbau verglichen mit {file}; ohne Größen</translation>
    </message>
    <message>
        <source>Structure: {format}</source>
        <translation>Aufbau: {format}</translation>
    </message>
    <message>
        <source>Studio portraits, cut-out faces, filters, restoration and strong compression can look like manipulation to the detector.</source>
        <translation>Studioporträts, freigestellte Gesichter, Filter, Restaurierung und starke Kompression können für den Detektor wie Manipulation aussehen.</translation>
    </message>
    <message>
        <source>Suspicious segment</source>
        <translation>Auffälliger Abschnitt</translation>
    </message>
    <message>
        <source>Swap</source>
        <translation>Tauschen</translation>
    </message>
    <message>
        <source>Swap sides A and B</source>
        <translation>Seiten A und B tauschen</translation>
    </message>
    <message>
        <source>Switch off all filters and show the decoded picture</source>
        <translation>Alle Filter ausschalten und das dekodierte Bild zeigen</translation>
    </message>
    <message>
        <source>Switch the sound off or on; it plays only forwards at 1×</source>
        <translation>Ton aus- oder einschalten; er läuft nur vorwärts bei 1×</translation>
    </message>
    <message>
        <source>Tab</source>
        <translation>Tab</translation>
    </message>
    <message>
        <source>Tags in the file, not verified</source>
        <translation>Tags in der Datei, nicht geprüft</translation>
    </message>
    <message>
        <source>Ten frames back</source>
        <translation>Zehn Einzelbilder zurück</translation>
    </message>
    <message>
        <source>Ten frames forward</source>
        <translation>Zehn Einzelbilder vor</translation>
    </message>
    <message>
        <source>That is about the same: the marked area matters no more than any other.</source>
        <translation>Das ist etwa gleich viel: Der markierte Bereich zählt nicht mehr als jeder andere.</translation>
    </message>
    <message>
        <source>The Content Credentials do not pass the validation of C2PA ({codes}); what they say cannot be relied on.</source>
        <translation>Die Content Credentials bestehen die Validierung von C2PA nicht ({codes}); auf ihre Angaben ist kein Verlass.</translation>
    </message>
    <message>
        <source>The GPU failed ({cause}); the analysis continues on the CPU, which takes longer.</source>
        <translation>Die GPU ist ausgefallen ({cause}); die Analyse läuft auf der CPU weiter, was länger dauert.</translation>
    </message>
    <message>
        <source>The JPEG tables are those of the standard at quality {value}: saved by a program, since most cameras use tables of their own.</source>
        <translation>Die JPEG-Tabellen sind die des Standards bei Qualität {value}: von einem Programm gespeichert, denn die meisten Kameras verwenden eigene Tabellen.</translation>
    </message>
    <message>
        <source>The analysis has ended: {conclusion}. {consequence}</source>
        <translation>Die Analyse ist beendet: {conclusion}. {consequence}</translation>
    </message>
    <message>
        <source>The analysis has not started yet.</source>
        <translation>Die Analyse ist noch nicht gestartet.</translation>
    </message>
    <message>
        <source>The analysis has started; the first scores will appear here.</source>
        <translation>Die Analyse hat begonnen; die ersten Bewertungen erscheinen hier.</translation>
    </message>
    <message>
        <source>The analysis in {case_path} has changed; analyse the clip again.</source>
        <translation>Die Analyse in {case_path} hat sich geändert; analysieren Sie den Clip erneut.</translation>
    </message>
    <message>
        <source>The analysis of {name} was stopped before it began.</source>
        <translation>Die Analyse von {name} wurde abgebrochen, bevor sie begann.</translation>
    </message>
    <message>
        <source>The analysis process cannot be started ({command}: {cause}); install the program again.</source>
        <translation>Der Analyseprozess lässt sich nicht starten ({command}: {cause}); installieren Sie das Programm neu.</translation>
    </message>
    <message>
        <source>The analysis process cannot have its working files in {place} ({cause}); free some space there, or set TMPDIR to another folder and start the program again.</source>
        <translation>Der Analyseprozess kann seine Arbeitsdateien nicht in {place} ablegen ({cause}); schaffen Sie dort Platz, oder setzen Sie TMPDIR auf einen anderen Ordner und starten Sie das Programm neu.</translation>
    </message>
    <message>
        <source>The analysis process cannot start ({how}); run inspector selftest, or install the program again. {where}</source>
        <translation>Der Analyseprozess kann nicht starten ({how}); führen Sie inspector selftest aus, oder installieren Sie das Programm neu. {where}</translation>
    </message>
    <message>
        <source>The analysis process ended unexpectedly ({how}); finished frames are kept. {where}</source>
        <translation>Der Analyseprozess endete unerwartet ({how}); fertige Einzelbilder bleiben erhalten. {where}</translation>
    </message>
    <message>
        <source>The analysis process is loading the detector …</source>
        <translation>Der Analyseprozess lädt den Detektor …</translation>
    </message>
    <message>
        <source>The analysis process sent no message for {seconds} s and was ended; finished frames are kept.</source>
        <translation>Der Analyseprozess hat {seconds} s lang nichts gemeldet und wurde beendet; fertige Einzelbilder bleiben erhalten.</translation>
    </message>
    <message>
        <source>The analysis scores every face in every frame. No data leaves this computer.</source>
        <translation>Die Analyse bewertet jedes Gesicht in jedem Einzelbild. Keine Daten verlassen diesen Computer.</translation>
    </message>
    <message>
        <source>The analysis scores every face in the picture. No data leaves this computer.</source>
        <translation>Die Analyse bewertet jedes Gesicht im Bild. Keine Daten verlassen diesen Computer.</translation>
    </message>
    <message>
        <source>The analysis was made with model {name} {sha256}…, which is not the one installed; install that bundle or analyse the clip again.</source>
        <translation>Die Analyse wurde mit dem Modell {name} {sha256}… erstellt, das nicht das installierte ist; installieren Sie jenes Modellpaket, oder analysieren Sie den Clip erneut.</translation>
    </message>
    <message>
        <source>The analysis was stopped before it began.</source>
        <translation>Die Analyse wurde angehalten, bevor sie begann.</translation>
    </message>
    <message>
        <source>The analysis was stopped before the end of the clip.</source>
        <translation>Die Analyse wurde vor dem Ende des Clips angehalten.</translation>
    </message>
    <message>
        <source>The analysis was stopped; it can be resumed from here. A report needs the whole of it.</source>
        <translation>Die Analyse wurde angehalten; sie kann von hier fortgesetzt werden. Ein Bericht braucht die ganze.</translation>
    </message>
    <message>
        <source>The base network {name} is not installed under models/bases; copy it there.</source>
        <translation>Das Basisnetz {name} ist unter models/bases nicht installiert; kopieren Sie es dorthin.</translation>
    </message>
    <message>
        <source>The base network {path} cannot be loaded ({why}); copy the base again.</source>
        <translation>Das Basisnetz {path} lässt sich nicht laden ({why}); kopieren Sie es erneut.</translation>
    </message>
    <message>
        <source>The box {kind} at byte {start} is shorter than its content.</source>
        <translation>Die Box {kind} bei Byte {start} ist kürzer als ihr Inhalt.</translation>
    </message>
    <message>
        <source>The box {kind} at byte {start} says that it is {size} bytes long, more than there are.</source>
        <translation>Die Box {kind} bei Byte {start} gibt eine Länge von {size} Byte an, mehr als vorhanden sind.</translation>
    </message>
    <message>
        <source>The bundle was made for the base network {name} with SHA-256 {sha256}…, the installed one has {found}…; install the base that belongs to the bundle.</source>
        <translation>Das Modellpaket wurde für das Basisnetz {name} mit der SHA-256 {sha256}… erstellt, das installierte hat {found}…; installieren Sie das Basisnetz, das zum Paket gehört.</translation>
    </message>
    <message>
        <source>The card&apos;s target layer has no maps to show; the bundle needs another target layer.</source>
        <translation>Die Zielschicht der Modellkarte hat keine darstellbaren Karten; das Modellpaket braucht eine andere Zielschicht.</translation>
    </message>
    <message>
        <source>The case cannot be exported to {folder}: {cause}; check the permissions and the free space there.</source>
        <translation>Der Fall lässt sich nicht nach {folder} exportieren: {cause}; prüfen Sie dort die Rechte und den freien Platz.</translation>
    </message>
    <message>
        <source>The case file cannot be copied to {parent} ({cause}); free some space there, or choose another folder.</source>
        <translation>Die Falldatei lässt sich nicht nach {parent} kopieren ({cause}); schaffen Sie dort Platz, oder wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <source>The case in {parent} was made by a newer version of this program; update the program to open it.</source>
        <translation>Der Fall in {parent} stammt von einer neueren Version dieses Programms; aktualisieren Sie das Programm, um ihn zu öffnen.</translation>
    </message>
    <message>
        <source>The certificate of {signer} was not valid when the file was signed, as far as this can be told: without a trusted time stamp it counts as expired once its time is over.</source>
        <translation>Das Zertifikat von {signer} war beim Signieren nicht gültig, soweit sich das sagen lässt: Ohne vertrauenswürdigen Zeitstempel gilt es als abgelaufen, sobald seine Zeit um ist.</translation>
    </message>
    <message>
        <source>The certificate of {signer} was revoked by its issuer.</source>
        <translation>Das Zertifikat von {signer} wurde vom Aussteller widerrufen.</translation>
    </message>
    <message>
        <source>The chunk {kind} at byte {at} says that it is {length} bytes long, more than there are.</source>
        <translation>Der Chunk {kind} bei Byte {at} gibt eine Länge von {length} Byte an, mehr als vorhanden sind.</translation>
    </message>
    <message>
        <source>The chunk {kind} at byte {start} says that it is {size} bytes long, more than there are.</source>
        <translation>Der Chunk {kind} bei Byte {start} gibt eine Länge von {size} Byte an, mehr als vorhanden sind.</translation>
    </message>
    <message>
        <source>The clip is being analysed; stop its analysis before it is forgotten.</source>
        <translation>Der Clip wird gerade analysiert; halten Sie die Analyse an, bevor er vergessen wird.</translation>
    </message>
    <message>
        <source>The colours are those of Dolby Vision without a compatible picture (profile 5 or 10.0), which are not converted here: they are shown and scored as if they were ordinary ones, and so are wrong.</source>
        <translation>Die Farben sind die von Dolby Vision ohne ein kompatibles Bild (Profil 5 oder 10.0), die hier nicht umgerechnet werden: Sie werden gezeigt und bewertet, als wären sie gewöhnliche, und sind daher falsch.</translation>
    </message>
    <message>
        <source>The conclusion</source>
        <translation>Das Ergebnis</translation>
    </message>
    <message>
        <source>The container names Google as its maker: downloaded from YouTube or another service of Google.</source>
        <translation>Der Container nennt Google als Hersteller: heruntergeladen von YouTube oder einem anderen Dienst von Google.</translation>
    </message>
    <message>
        <source>The cover picture in the file does not look like the clip: {value}.</source>
        <translation>Das Titelbild in der Datei sieht nicht wie der Clip aus: {value}.</translation>
    </message>
    <message>
        <source>The deep look has seen only {count} frames; at least {least} are needed.</source>
        <translation>Die Tiefenprüfung hat nur {count} Einzelbilder gesehen; mindestens {least} sind nötig.</translation>
    </message>
    <message>
        <source>The deep look was switched off, as the settings say: the fast look decided, meant for screening.</source>
        <translation>Die Tiefenprüfung war nach Einstellung abgeschaltet: Entschieden hat die Schnellprüfung, die zur Vorauswahl gedacht ist.</translation>
    </message>
    <message>
        <source>The deep look&apos;s mean score over {count} frames is {value}</source>
        <translation>Der mittlere Wert der Tiefenprüfung über {count} Einzelbilder ist {value}</translation>
    </message>
    <message>
        <source>The deep look&apos;s score is {value}</source>
        <translation>Der Wert der Tiefenprüfung ist {value}</translation>
    </message>
    <message numerus="yes">
        <source>The deep look, which decides, saw %n.</source>
        <comment>The deep look, which decides, saw %n.</comment>
        <translation>
            <numerusform>Die Tiefenprüfung, die entscheidet, sah %n.</numerusform>
            <numerusform>Die Tiefenprüfung, die entscheidet, sah %n.</numerusform>
        </translation>
    </message>
    <message>
        <source>The deep network learnt every source that its card names, so nothing it says of them counts.</source>
        <translation>Das tiefe Netz hat jede Quelle gelernt, die seine Karte nennt; was es über sie sagt, zählt daher nicht.</translation>
    </message>
    <message>
        <source>The details could not be written to {path} ({cause}).</source>
        <translation>Die Einzelheiten ließen sich nicht nach {path} schreiben ({cause}).</translation>
    </message>
    <message>
        <source>The device cuda was requested, but no usable CUDA GPU was found; choose cpu or auto.</source>
        <translation>Das Gerät cuda wurde verlangt, aber keine brauchbare CUDA-GPU gefunden; wählen Sie cpu oder auto.</translation>
    </message>
    <message>
        <source>The edit list asks for another speed than the stored one, or for a picture that stands still. Here, as in FFmpeg and programs that use it, the pictures are shown at the speed at which they are stored.</source>
        <translation>Die Schnittliste verlangt eine andere Geschwindigkeit als die gespeicherte oder ein Bild, das stillsteht. Hier werden die Bilder, wie in FFmpeg und Programmen, die es verwenden, in der gespeicherten Geschwindigkeit gezeigt.</translation>
    </message>
    <message>
        <source>The edit list has a pause between two stretches. The pictures that are shown meanwhile are those of the track&apos;s beginning, as FFmpeg and programs that use it show them; the list asks for none there.</source>
        <translation>Die Schnittliste hat eine Pause zwischen zwei Abschnitten. Die Bilder, die währenddessen gezeigt werden, sind die vom Anfang der Spur, wie FFmpeg und Programme, die es verwenden, sie zeigen; die Liste verlangt dort keine.</translation>
    </message>
    <message>
        <source>The element {named} at byte {start} says that it is longer than what holds it.</source>
        <translation>Das Element {named} bei Byte {start} gibt eine größere Länge an als das, worin es steht.</translation>
    </message>
    <message>
        <source>The embedded colour profile (ICC) cannot be applied to this picture ({cause}); its values are shown as sRGB.</source>
        <translation>Das eingebettete Farbprofil (ICC) lässt sich auf dieses Bild nicht anwenden ({cause}); seine Werte werden als sRGB gezeigt.</translation>
    </message>
    <message>
        <source>The error rate of the shipped weights on unseen sources is not known better than that.</source>
        <translation>Genauer ist die Fehlerquote der mitgelieferten Gewichte an ungesehenen Quellen nicht bekannt.</translation>
    </message>
    <message>
        <source>The evidence for it</source>
        <translation>Was dafür vorliegt</translation>
    </message>
    <message>
        <source>The face is shown here when the analysis has reached this frame.</source>
        <translation>Das Gesicht erscheint hier, wenn die Analyse dieses Einzelbild erreicht hat.</translation>
    </message>
    <message>
        <source>The fast network is for screening: on recent sources that it did not learn it is near chance. It chooses frames for the deep look and decides nothing, unless the deep look is switched off.</source>
        <translation>Das schnelle Netz dient der Vorauswahl: An neueren Quellen, die es nicht gelernt hat, liegt es nahe am Zufall. Es wählt Einzelbilder für die Tiefenprüfung aus und entscheidet nichts, außer wenn die Tiefenprüfung ausgeschaltet ist.</translation>
    </message>
    <message>
        <source>The file asks for its pictures to be shown slanted or turned by an angle that is no quarter turn. They are shown and scored turned by the nearest quarter turn; other programs may show them otherwise.</source>
        <translation>Die Datei verlangt, dass ihre Bilder schräg oder um einen Winkel gedreht gezeigt werden, der keine Vierteldrehung ist. Sie werden um die nächste Vierteldrehung gedreht gezeigt und bewertet; andere Programme zeigen sie vielleicht anders.</translation>
    </message>
    <message>
        <source>The file begins between two keyframes. The pictures up to the first one count as damaged: those that they refer to are not in the file, and their codec does not tell.</source>
        <translation>Die Datei beginnt zwischen zwei Schlüsselbildern. Die Bilder bis zum ersten gelten als beschädigt: Die Bilder, auf die sie sich beziehen, sind nicht in der Datei, und ihr Codec verrät es nicht.</translation>
    </message>
    <message>
        <source>The file carries Content Credentials in the name of {signer}; the signature and the hashes agree with the file. {listing}</source>
        <translation>Die Datei trägt Content Credentials auf den Namen von {signer}; Signatur und Hashes stimmen mit der Datei überein. {listing}</translation>
    </message>
    <message>
        <source>The file carries Content Credentials signed by {signer}, whose certificate is on a trust list; the signature and the hashes agree with the file. They state who signed, not whether a statement is true.</source>
        <translation>Die Datei trägt Content Credentials, signiert von {signer}, dessen Zertifikat auf einer Vertrauensliste steht; Signatur und Hashes stimmen mit der Datei überein. Sie sagen, wer signiert hat, nicht, ob eine Angabe wahr ist.</translation>
    </message>
    <message>
        <source>The file carries no Content Credentials. This is usual: most cameras and programs write none, and most services remove them. It says nothing about the file.</source>
        <translation>Die Datei trägt keine Content Credentials. Das ist üblich: Die meisten Kameras und Programme schreiben keine, und die meisten Dienste entfernen sie. Über die Datei sagt es nichts.</translation>
    </message>
    <message>
        <source>The file changed during the analysis or cannot be read any more: its SHA-256 differs.</source>
        <translation>Die Datei hat sich während der Analyse geändert oder ist nicht mehr lesbar: Ihr SHA-256 weicht ab.</translation>
    </message>
    <message>
        <source>The file declares a pixel aspect ratio of {declared}, which is implausible and not applied.</source>
        <translation>Die Datei gibt ein Pixel-Seitenverhältnis von {declared} an; das ist unglaubwürdig und wird nicht angewendet.</translation>
    </message>
    <message>
        <source>The file gives its pictures time stamps in the order of decoding; the display times follow from the order in which the decoder returns the pictures.</source>
        <translation>Die Datei gibt ihren Bildern Zeitstempel in der Reihenfolge der Decodierung; die Anzeigezeiten ergeben sich aus der Reihenfolge, in der der Decoder die Bilder liefert.</translation>
    </message>
    <message>
        <source>The file has no sound.</source>
        <translation>Die Datei hat keinen Ton.</translation>
    </message>
    <message>
        <source>The file has parts that this program does not know: {value}.</source>
        <translation>Die Datei hat Teile, die dieses Programm nicht kennt: {value}.</translation>
    </message>
    <message>
        <source>The file holds no Content Credentials itself, only an address on the network where they are said to be. This program fetches nothing, so they were not read.</source>
        <translation>Die Datei enthält selbst keine Content Credentials, nur eine Adresse im Netz, unter der sie liegen sollen. Dieses Programm ruft nichts ab, daher wurden sie nicht gelesen.</translation>
    </message>
    <message>
        <source>The file holds pictures in a row without time stamps; 25 pictures a second are assumed, and no time is known.</source>
        <translation>Die Datei enthält Bilder hintereinander ohne Zeitstempel; angenommen werden 25 Bilder pro Sekunde, und keine Zeit ist bekannt.</translation>
    </message>
    <message>
        <source>The file is being read.{behind}</source>
        <translation>Die Datei wird gelesen.{behind}</translation>
    </message>
    <message>
        <source>The file is {count} recordings behind each other, and this is number {number} (bytes {first} to {last}). The others are listed as streams of their own (--stream); other programs may count or show the pictures of all of them together.</source>
        <translation>Die Datei besteht aus {count} Aufnahmen hintereinander, und dies ist Nummer {number} (Bytes {first} bis {last}). Die anderen sind als eigene Ströme aufgeführt (--stream); andere Programme zählen oder zeigen unter Umständen die Bilder aller zusammen.</translation>
    </message>
    <message>
        <source>The file names the device {value}.</source>
        <translation>Die Datei nennt das Gerät {value}.</translation>
    </message>
    <message>
        <source>The file or its Content Credentials were changed after {signer} signed them: a hash or the signature does not agree. Saving, converting or shortening a copy with a program that does not know Content Credentials does this too.</source>
        <translation>Die Datei oder ihre Content Credentials wurden verändert, nachdem {signer} sie signiert hat: Ein Hash oder die Signatur stimmt nicht. Auch Speichern, Umwandeln oder Kürzen einer Kopie mit einem Programm, das Content Credentials nicht kennt, bewirkt das.</translation>
    </message>
    <message>
        <source>The file states a place: {value}.</source>
        <translation>Die Datei nennt einen Ort: {value}.</translation>
    </message>
    <message>
        <source>The file states no time of creation.</source>
        <translation>Die Datei nennt keine Entstehungszeit.</translation>
    </message>
    <message>
        <source>The file stores no time stamps: {rate} pictures a second are declared in the stream or, without that, assumed.</source>
        <translation>Die Datei speichert keine Zeitstempel: {rate} Bilder pro Sekunde gibt der Strom an, oder sie werden sonst angenommen.</translation>
    </message>
    <message>
        <source>The file was not read, because the analysis process ended: {message}</source>
        <translation>Die Datei wurde nicht gelesen, weil der Analyseprozess endete: {message}</translation>
    </message>
    <message>
        <source>The file was not read: {message}</source>
        <translation>Die Datei wurde nicht gelesen: {message}</translation>
    </message>
    <message>
        <source>The first picture comes {seconds} s after the sound begins.</source>
        <translation>Das erste Bild kommt {seconds} s nach dem Beginn des Tons.</translation>
    </message>
    <message>
        <source>The first picture has the time stamp {first} s: the file counts from 0 and holds no picture before it, as a part of a longer recording does, or a file whose beginning is missing.</source>
        <translation>Das erste Bild hat den Zeitstempel {first} s: Die Datei zählt ab 0 und enthält kein Bild davor, wie ein Teil einer längeren Aufnahme oder eine Datei, deren Anfang fehlt.</translation>
    </message>
    <message>
        <source>The following frames, with which this one was scored, are not stored yet; request the heat map again.</source>
        <translation>Die folgenden Einzelbilder, mit denen dieses bewertet wurde, sind noch nicht gespeichert; fordern Sie die Heatmap erneut an.</translation>
    </message>
    <message>
        <source>The frame at pts {pts} of {path} is not the one that was scored (its SHA-256 differs): the case file was changed, or this installation decodes otherwise; analyse the clip again.</source>
        <translation>Das Einzelbild bei pts {pts} von {path} ist nicht das bewertete (seine SHA-256 weicht ab): Die Falldatei wurde verändert, oder diese Installation dekodiert anders; analysieren Sie den Clip erneut.</translation>
    </message>
    <message>
        <source>The frame of side {name}</source>
        <translation>Das Einzelbild der Seite {name}</translation>
    </message>
    <message>
        <source>The frame rate of this clip varies or is not about whole, so a timecode with frames is undefined; type a time instead.</source>
        <translation>Die Bildrate dieses Clips schwankt oder ist nicht annähernd ganzzahlig, daher ist ein Timecode mit Einzelbildern nicht definiert; geben Sie stattdessen eine Zeit ein.</translation>
    </message>
    <message>
        <source>The frame where a face scores highest; P goes to it. Look at the face there, and compare.</source>
        <translation>Das Einzelbild, in dem ein Gesicht am höchsten bewertet ist; P führt dorthin. Sehen Sie sich das Gesicht dort an, und vergleichen Sie.</translation>
    </message>
    <message>
        <source>The frame without its smooth part: noise, edges and blending seams around middle grey</source>
        <translation>Das Einzelbild ohne seinen glatten Anteil: Rauschen, Kanten und Übergänge um mittleres Grau</translation>
    </message>
    <message>
        <source>The frames of an earlier coding do not run on: {value}. There something was cut out, put in or replaced after the first coding.</source>
        <translation>Die Frames einer früheren Codierung laufen nicht durch: {value}. Dort wurde nach der ersten Codierung etwas herausgeschnitten, eingesetzt oder ersetzt.</translation>
    </message>
    <message>
        <source>The groups of pictures have a fixed length, and {count} of them end early although the picture does not change: {where}.</source>
        <translation>Die Bildgruppen haben eine feste Länge, und {count} davon enden zu früh, obwohl sich das Bild nicht ändert: {where}.</translation>
    </message>
    <message>
        <source>The header declares {declared} pictures, and {stored} are stored. AVI files have no time stamps: if pictures are missing, the times after them are too early.</source>
        <translation>Der Dateikopf gibt {declared} Bilder an, und {stored} sind gespeichert. AVI-Dateien haben keine Zeitstempel: Fehlen Bilder, so sind die Zeiten danach zu früh.</translation>
    </message>
    <message>
        <source>The heat map comes after the analysis of the open clip</source>
        <translation>Die Heatmap kommt nach der Analyse des offenen Clips</translation>
    </message>
    <message>
        <source>The heat map comes after the analysis of {elsewhere}</source>
        <translation>Die Heatmap kommt nach der Analyse von {elsewhere}</translation>
    </message>
    <message>
        <source>The hum does not run on: its phase jumps at {value}.</source>
        <translation>Das Brummen läuft nicht durch: Seine Phase springt bei {value}.</translation>
    </message>
    <message>
        <source>The index (moov) is before the media (mdat): the file was rewritten for streaming, or its maker left room for it.</source>
        <translation>Der Index (moov) steht vor den Mediendaten (mdat): Die Datei wurde für Streaming umgeschrieben, oder ihr Hersteller hat Platz dafür gelassen.</translation>
    </message>
    <message>
        <source>The index (moov) is behind the media (mdat).</source>
        <translation>Der Index (moov) steht hinter den Mediendaten (mdat).</translation>
    </message>
    <message>
        <source>The interrupted analysis contains a frame at pts {missing} that the clip does not have; analyse the clip again into a new case file.</source>
        <translation>Die unterbrochene Analyse enthält ein Einzelbild bei pts {missing}, das der Clip nicht hat; analysieren Sie den Clip erneut in eine neue Falldatei.</translation>
    </message>
    <message>
        <source>The key is made. Keep {name} and its passphrase safe, and give this fingerprint to those who will check your reports: {made}</source>
        <translation>Der Schlüssel ist erzeugt. Bewahren Sie {name} und die Passphrase sicher auf, und geben Sie diesen Fingerabdruck denen, die Ihre Berichte prüfen werden: {made}</translation>
    </message>
    <message>
        <source>The key that signs results</source>
        <translation>Der Schlüssel, mit dem Ergebnisse signiert werden</translation>
    </message>
    <message>
        <source>The key that signs results cannot be read from the {name} ({cause}); unlock it or use a session that has it, or remove {path} to begin a new key: results from before count as imported then.</source>
        <translation>Der Schlüssel, mit dem Ergebnisse signiert werden, lässt sich nicht aus dem Schlüsselspeicher des Systems ({name}) lesen ({cause}); entsperren Sie den Speicher, oder verwenden Sie eine Sitzung, die ihn hat, oder entfernen Sie {path}, um einen neuen Schlüssel zu beginnen: Frühere Ergebnisse gelten dann als importiert.</translation>
    </message>
    <message>
        <source>The lanes cannot be written to {folder}: {reason}; choose another folder.</source>
        <translation>Die Spuren können nicht in {folder} geschrieben werden: {reason}; wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <source>The lanes were exported to {folder}.</source>
        <translation>Die Spuren wurden nach {folder} exportiert.</translation>
    </message>
    <message>
        <source>The last frame of the clip is {index}.</source>
        <translation>Das letzte Einzelbild des Clips ist {index}.</translation>
    </message>
    <message>
        <source>The layer {name} does not affect the score; the card needs another target layer.</source>
        <translation>Die Schicht {name} beeinflusst die Bewertung nicht; die Modellkarte braucht eine andere Zielschicht.</translation>
    </message>
    <message>
        <source>The longer side of the face is {size} pixels; most faces that the detector learnt have {least} or more.</source>
        <translation>Die längere Seite des Gesichts hat {size} Pixel; die meisten, an denen der Detektor gelernt hat, haben {least} oder mehr.</translation>
    </message>
    <message>
        <source>The longer side of the face is {size} pixels; most faces that the fast look learnt have {least} or more.</source>
        <translation>Die längere Seite des Gesichts hat {size} Pixel; die meisten, an denen die Schnellprüfung gelernt hat, haben {least} oder mehr.</translation>
    </message>
    <message>
        <source>The map is empty on its track&apos;s scale: it marks no area, so the deletion check does not apply.</source>
        <translation>Die Karte ist im Maßstab ihrer Gesichtsspur leer: Sie markiert nichts, daher ist die Löschprobe nicht anwendbar.</translation>
    </message>
    <message>
        <source>The media are in {value} fragments.</source>
        <translation>Die Mediendaten liegen in {value} Fragmenten.</translation>
    </message>
    <message>
        <source>The model bundle was removed, so faces are found but not scored; restore it and analyse again.</source>
        <translation>Das Modellpaket wurde entfernt, daher werden Gesichter gefunden, aber nicht bewertet; stellen Sie es wieder her, und analysieren Sie erneut.</translation>
    </message>
    <message>
        <source>The model bundle {name} is not on this computer; copy it and choose the copy.</source>
        <translation>Das Modellpaket {name} liegt nicht auf diesem Rechner; kopieren Sie es und wählen Sie die Kopie.</translation>
    </message>
    <message>
        <source>The model bundle {name} {version} that this analysis was made with is {what}; restore it, or analyse the clip again.</source>
        <translation>Das Modellpaket {name} {version}, mit dem diese Analyse erstellt wurde, ist nicht verfügbar ({what}); stellen Sie es wieder her, oder analysieren Sie den Clip erneut.</translation>
    </message>
    <message>
        <source>The model bundle {parent} lacks {name}; export or copy it again.</source>
        <translation>Dem Modellpaket {parent} fehlt {name}; exportieren oder kopieren Sie es erneut.</translation>
    </message>
    <message>
        <source>The model {name} gives scores that are no numbers; use another bundle.</source>
        <translation>Das Modell {name} gibt Werte aus, die keine Zahlen sind; verwenden Sie ein anderes Modellpaket.</translation>
    </message>
    <message>
        <source>The mouth moves with the sound of speech (correlation {peak}, at most {chance} with the sound played backwards).</source>
        <translation>Der Mund bewegt sich mit dem Klang der Sprache (Korrelation {peak}, mit rückwärts gespieltem Ton höchstens {chance}).</translation>
    </message>
    <message>
        <source>The mouth moves {lag} ms after the sound of speech (correlation {peak}, at most {chance} with the sound played backwards).</source>
        <translation>Der Mund bewegt sich {lag} ms nach dem Klang der Sprache (Korrelation {peak}, mit rückwärts gespieltem Ton höchstens {chance}).</translation>
    </message>
    <message>
        <source>The mouth moves {lag} ms before the sound of speech (correlation {peak}, at most {chance} with the sound played backwards).</source>
        <translation>Der Mund bewegt sich {lag} ms vor dem Klang der Sprache (Korrelation {peak}, mit rückwärts gespieltem Ton höchstens {chance}).</translation>
    </message>
    <message>
        <source>The name ends with {suffix}, as that of a still picture, but the file holds a video ({codec}).</source>
        <translation>Der Name endet auf {suffix}, wie der eines Standbilds, aber die Datei enthält ein Video ({codec}).</translation>
    </message>
    <message>
        <source>The name ends with {suffix}, as that of a video, but the file holds a still picture ({codec}).</source>
        <translation>Der Name endet auf {suffix}, wie der eines Videos, aber die Datei enthält ein Standbild ({codec}).</translation>
    </message>
    <message>
        <source>The network has no layer {name}; the bundle&apos;s card was made for another architecture.</source>
        <translation>Das Netz hat keine Schicht {name}; die Modellkarte wurde für eine andere Architektur erstellt.</translation>
    </message>
    <message>
        <source>The network {architecture} with arguments {args} cannot be built ({why}); use a bundle that was made for this version.</source>
        <translation>Das Netz {architecture} mit den Argumenten {args} lässt sich nicht aufbauen ({why}); verwenden Sie ein Modellpaket, das für diese Version erstellt wurde.</translation>
    </message>
    <message>
        <source>The open clip</source>
        <translation>Der offene Clip</translation>
    </message>
    <message>
        <source>The open clip, another one of the list, or any other file</source>
        <translation>Der offene Clip, ein anderer der Liste oder eine beliebige andere Datei</translation>
    </message>
    <message>
        <source>The packets are out of step from byte {at} on.</source>
        <translation>Die Pakete sind ab Byte {at} nicht mehr synchron.</translation>
    </message>
    <message>
        <source>The passphrase is too short; take at least {least_passphrase} characters.</source>
        <translation>Die Passphrase ist zu kurz; verwenden Sie mindestens {least_passphrase} Zeichen.</translation>
    </message>
    <message>
        <source>The picture breaks off at byte {at}, before its end marker.</source>
        <translation>Das Bild bricht bei Byte {at} ab, vor seiner Endmarke.</translation>
    </message>
    <message>
        <source>The picture is black for {value} s in all: {where}.</source>
        <translation>Das Bild ist insgesamt {value} s schwarz: {where}.</translation>
    </message>
    <message>
        <source>The picture names the camera {value}.</source>
        <translation>Das Bild nennt die Kamera {value}.</translation>
    </message>
    <message>
        <source>The picture saved at pts {pts} cannot be made ({cause}); remove it from the notes.</source>
        <translation>Das bei pts {pts} gespeicherte Bild lässt sich nicht erstellen ({cause}); entfernen Sie es aus den Notizen.</translation>
    </message>
    <message>
        <source>The picture stands still for {value} s in all: {where}.</source>
        <translation>Das Bild steht insgesamt {value} s still: {where}.</translation>
    </message>
    <message>
        <source>The picture stores {what}.</source>
        <translation>Das Bild speichert {what}.</translation>
    </message>
    <message>
        <source>The picture stores {what}. Its colour profile (ICC) is not applied.</source>
        <translation>Das Bild speichert {what}. Sein Farbprofil (ICC) wird nicht angewendet.</translation>
    </message>
    <message>
        <source>The picture was read at 8 bits a channel before it was tone-mapped, so dark areas may show steps.</source>
        <translation>Das Bild wurde mit 8 Bit pro Kanal gelesen, bevor seine Töne abgebildet wurden; dunkle Flächen können deshalb Stufen zeigen.</translation>
    </message>
    <message>
        <source>The picture was saved as JPEG before, with another quality: the traces are {value} looked at.</source>
        <translation>Das Bild wurde früher mit anderer Qualität als JPEG gespeichert: Die Spuren sind {value} der untersuchten.</translation>
    </message>
    <message>
        <source>The picture&apos;s probability {value} is at most {limit}.</source>
        <translation>Die Wahrscheinlichkeit des Bildes von {value} liegt nicht über {limit}.</translation>
    </message>
    <message>
        <source>The picture&apos;s probability {value} lies between {low} and {high}, where errors are too frequent for a conclusion.</source>
        <translation>Die Wahrscheinlichkeit des Bildes von {value} liegt zwischen {low} und {high}, wo Fehler für einen Schluss zu häufig sind.</translation>
    </message>
    <message>
        <source>The picture&apos;s probability {value} reaches {limit}.</source>
        <translation>Die Wahrscheinlichkeit des Bildes von {value} erreicht {limit}.</translation>
    </message>
    <message>
        <source>The pictures follow each other after {usual} s, except {places}; the file shows no sign of lost data there.</source>
        <translation>Die Bilder folgen einander nach {usual} s, ausgenommen {places}; die Datei zeigt dort kein Anzeichen verlorener Daten.</translation>
    </message>
    <message>
        <source>The pictures follow each other after {usual} s, except {places}; the file shows no sign of lost data there. Where no keyframe follows, the pictures up to the next one count as damaged: its codec does not tell whether a picture that they refer to is missing.</source>
        <translation>Die Bilder folgen einander nach {usual} s, ausgenommen {places}; die Datei zeigt dort kein Anzeichen verlorener Daten. Wo kein Schlüsselbild folgt, gelten die Bilder bis zum nächsten als beschädigt: Ihr Codec verrät nicht, ob ein Bild fehlt, auf das sie sich beziehen.</translation>
    </message>
    <message>
        <source>The pictures store transparency, which is not applied: other programs may show what lies behind them instead.</source>
        <translation>Die Bilder speichern Transparenz, die nicht angewendet wird: Andere Programme zeigen stattdessen unter Umständen, was hinter ihnen liegt.</translation>
    </message>
    <message>
        <source>The pictures were coded by the software encoder {value}, as the stream states; most cameras and phones code in hardware.</source>
        <translation>Die Bilder wurden, wie der Datenstrom angibt, vom Software-Encoder {value} codiert; die meisten Kameras und Telefone codieren in Hardware.</translation>
    </message>
    <message>
        <source>The player has not started yet.</source>
        <translation>Der Player ist noch nicht gestartet.</translation>
    </message>
    <message>
        <source>The player&apos;s process cannot be started ({what}: {cause}); restart the program.</source>
        <translation>Der Prozess der Wiedergabe lässt sich nicht starten ({what}: {cause}); starten Sie das Programm neu.</translation>
    </message>
    <message>
        <source>The player&apos;s process ended unexpectedly ({how}) while {name} was open; it starts again when a frame is asked for. {where}</source>
        <translation>Der Prozess der Wiedergabe endete unerwartet ({how}), während {name} geöffnet war; er startet erneut, sobald ein Einzelbild verlangt wird. {where}</translation>
    </message>
    <message>
        <source>The player&apos;s process {problem} while {name} was open, and was ended; it starts again when a frame is asked for.</source>
        <translation>Der Prozess der Wiedergabe wurde beendet, während {name} geöffnet war ({problem}); er startet erneut, sobald ein Einzelbild verlangt wird.</translation>
    </message>
    <message>
        <source>The position in this clip</source>
        <translation>Die Position in diesem Clip</translation>
    </message>
    <message>
        <source>The rate is variable, and nothing is stored for {places}; the file shows no sign of lost data there, and a recording of a still screen stores nothing either.</source>
        <translation>Die Bildrate ist variabel, und nichts ist gespeichert für {places}; die Datei zeigt dort kein Anzeichen verlorener Daten, und auch die Aufnahme eines unveränderten Bildschirms speichert nichts.</translation>
    </message>
    <message>
        <source>The report cannot be written to {folder}: {cause}; free some space there or choose another folder.</source>
        <translation>Der Bericht lässt sich nicht nach {folder} schreiben: {cause}; schaffen Sie dort Platz, oder wählen Sie einen anderen Ordner.</translation>
    </message>
    <message numerus="yes">
        <source>The report is in {folder} (%n files{signed}).</source>
        <comment>The report is in {folder} (%n file{signed}).</comment>
        <translation>
            <numerusform>Der Bericht liegt in {folder} (%n Datei{signed}).</numerusform>
            <numerusform>Der Bericht liegt in {folder} (%n Dateien{signed}).</numerusform>
        </translation>
    </message>
    <message>
        <source>The report will show both frames as decoded and filtered.</source>
        <translation>Der Bericht wird beide Einzelbilder dekodiert und gefiltert zeigen.</translation>
    </message>
    <message>
        <source>The report will show both frames.</source>
        <translation>Der Bericht wird beide Einzelbilder zeigen.</translation>
    </message>
    <message>
        <source>The report will show this frame as decoded and filtered.</source>
        <translation>Der Bericht wird dieses Einzelbild dekodiert und gefiltert zeigen.</translation>
    </message>
    <message>
        <source>The report will show this frame.</source>
        <translation>Der Bericht wird dieses Einzelbild zeigen.</translation>
    </message>
    <message numerus="yes">
        <source>The reports of %n exhibits are in {folder}, but not the list of exhibits: {problem}</source>
        <comment>The report of %n exhibit is in {folder}, but not the list of exhibits: {problem}</comment>
        <translation>
            <numerusform>Der Bericht von %n Beweisstück ist in {folder}, aber nicht die Liste der Beweisstücke: {problem}</numerusform>
            <numerusform>Die Berichte von %n Beweisstücken sind in {folder}, aber nicht die Liste der Beweisstücke: {problem}</numerusform>
        </translation>
    </message>
    <message>
        <source>The reports of {done} of {count} exhibits are in {folder}{signed}. {problem}</source>
        <translation>Die Berichte von {done} der {count} Beweisstücke liegen in {folder}{signed}. {problem}</translation>
    </message>
    <message>
        <source>The result was copied as text.</source>
        <translation>Das Ergebnis wurde als Text kopiert (auf Englisch, wie im Bericht).</translation>
    </message>
    <message>
        <source>The rhythm of an earlier coding changes its beginning ({where}): as where pictures were cut out or put in there before the clip was coded again.</source>
        <translation>Der Rhythmus einer früheren Codierung wechselt seinen Anfang ({where}): wie dort, wo Bilder herausgeschnitten oder eingesetzt wurden, bevor der Clip neu codiert wurde.</translation>
    </message>
    <message>
        <source>The same is found in {count} more places.</source>
        <translation>Dasselbe findet sich an {count} weiteren Stellen.</translation>
    </message>
    <message>
        <source>The sampling rate or the number of channels changes within the sound: {value}.</source>
        <translation>Die Abtastrate oder die Zahl der Kanäle wechselt innerhalb des Tons: {value}.</translation>
    </message>
    <message>
        <source>The score depends on the marked area less than on others.</source>
        <translation>Der Wert hängt vom markierten Bereich weniger ab als von anderen.</translation>
    </message>
    <message>
        <source>The score depends on the marked area more than on others.</source>
        <translation>Der Wert hängt vom markierten Bereich stärker ab als von anderen.</translation>
    </message>
    <message>
        <source>The score rises without the marked area: the area speaks against manipulation, or blurring itself looks like manipulation to the network. The check cannot tell which.</source>
        <translation>Der Wert steigt ohne den markierten Bereich: Der Bereich spricht gegen Manipulation, oder das Weichzeichnen selbst sieht für das Netz wie Manipulation aus. Die Probe kann das nicht unterscheiden.</translation>
    </message>
    <message>
        <source>The shipped network learnt from more crops or sources than its siblings and may be surer of itself. Their scores were brought to its scale by what both learnt; whether that holds for other sources is not known.</source>
        <translation>Das mitgelieferte Netz hat aus mehr Ausschnitten oder Quellen gelernt als seine Schwesternetze und ist sich womöglich sicherer. Deren Werte wurden anhand dessen, was beide gelernt haben, auf seinen Maßstab gebracht; ob das für andere Quellen gilt, ist nicht bekannt.</translation>
    </message>
    <message>
        <source>The signer&apos;s certificate is not on a trust list ({lists}): anyone can make a certificate in any name. A list names those whom C2PA had accepted by its date; who signed before C2PA had a list (2025) may be missing too.</source>
        <translation>Das Zertifikat des Unterzeichners steht auf keiner Vertrauensliste ({lists}): Jeder kann ein Zertifikat auf jeden Namen erstellen. Eine Liste nennt die, die C2PA bis zu ihrem Datum aufgenommen hatte; wer unterzeichnete, bevor C2PA eine Liste hatte (2025), kann ebenfalls fehlen.</translation>
    </message>
    <message>
        <source>The size of the chunk {kind} at byte {start} is not filled in, as where a recording was not finished; it is read as if it reached to the end.</source>
        <translation>Die Größe des Chunks {kind} bei Byte {start} ist nicht eingetragen, wie bei einer Aufnahme, die nicht beendet wurde; er wird gelesen, als reichte er bis zum Ende.</translation>
    </message>
    <message>
        <source>The sound breaks off: {cause}.</source>
        <translation>Der Ton bricht ab: {cause}.</translation>
    </message>
    <message>
        <source>The sound cannot be read ({cause}).</source>
        <translation>Der Ton lässt sich nicht lesen ({cause}).</translation>
    </message>
    <message>
        <source>The sound does not last as long as the pictures: {value}.</source>
        <translation>Der Ton dauert nicht so lange wie die Bilder: {value}.</translation>
    </message>
    <message>
        <source>The sound was coded with AAC before it was coded or stored as it is: {value}.</source>
        <translation>Der Ton war schon einmal mit AAC codiert, bevor er so codiert oder gespeichert wurde wie jetzt: {value}.</translation>
    </message>
    <message>
        <source>The sound was examined up to {seconds} s: from there on {refused}.</source>
        <translation>Der Ton wurde bis {seconds} s untersucht; von dort an: {refused}.</translation>
    </message>
    <message>
        <source>The sound was not examined, because the analysis process ended: {message}</source>
        <translation>Der Ton wurde nicht untersucht, weil der Analyseprozess endete: {message}</translation>
    </message>
    <message>
        <source>The sound was not examined: another clip was opened.</source>
        <translation>Der Ton wurde nicht untersucht: Ein anderer Clip wurde geöffnet.</translation>
    </message>
    <message>
        <source>The sound was not examined: {found}</source>
        <translation>Der Ton wurde nicht untersucht: {found}</translation>
    </message>
    <message>
        <source>The sound was not examined: {message}</source>
        <translation>Der Ton wurde nicht untersucht: {message}</translation>
    </message>
    <message>
        <source>The sound was not examined: {why}.</source>
        <translation>Der Ton wurde nicht untersucht: {why}.</translation>
    </message>
    <message>
        <source>The spectrum ends at {value}, although the sampling rate would hold more: lossy coding at a low rate, or a lower sampling rate before (22.05, 24 or 32 kHz).</source>
        <translation>Das Spektrum endet bei {value}, obwohl die Abtastrate mehr zuließe: verlustbehaftete Codierung mit niedriger Rate oder zuvor eine niedrigere Abtastrate (22.05, 24 oder 32 kHz).</translation>
    </message>
    <message>
        <source>The spectrum ends at {value}, although the sampling rate would hold more: the sound was sampled at a lower rate before, or coded for speech.</source>
        <translation>Das Spektrum endet bei {value}, obwohl die Abtastrate mehr zuließe: Der Ton wurde zuvor mit niedrigerer Rate abgetastet oder für Sprache codiert.</translation>
    </message>
    <message>
        <source>The spectrum ends at {value}, although the sampling rate would hold more: the sound went through a telephone or a narrow codec once.</source>
        <translation>Das Spektrum endet bei {value}, obwohl die Abtastrate mehr zuließe: Der Ton ging einmal durch ein Telefon oder einen schmalen Codec.</translation>
    </message>
    <message>
        <source>The spectrum ends at {value}: typical of lossy coding (AAC, MP3) at usual rates.</source>
        <translation>Das Spektrum endet bei {value}: typisch für verlustbehaftete Codierung (AAC, MP3) mit üblichen Raten.</translation>
    </message>
    <message>
        <source>The stream of pictures that is shown and analysed; each has its own analyses and notes.</source>
        <translation>Der Bildstream, der gezeigt und analysiert wird; jeder hat eigene Analysen und Notizen.</translation>
    </message>
    <message>
        <source>The structure was not read to its end: {limit}.</source>
        <translation>Der Aufbau wurde nicht zu Ende gelesen: {limit}.</translation>
    </message>
    <message>
        <source>The thumbnail in the file does not look like its picture: {value}.</source>
        <translation>Das Vorschaubild in der Datei sieht nicht wie ihr Bild aus: {value}.</translation>
    </message>
    <message>
        <source>The tool reports; you conclude.</source>
        <translation>Das Werkzeug berichtet; das Urteil fällen Sie.</translation>
    </message>
    <message>
        <source>The tool says nothing about that face, neither for nor against it.</source>
        <translation>Das Werkzeug sagt nichts über dieses Gesicht, weder dafür noch dagegen.</translation>
    </message>
    <message>
        <source>The tool says nothing about this clip: check it by other means.</source>
        <translation>Das Werkzeug sagt nichts über diesen Clip: Prüfen Sie ihn auf anderem Weg.</translation>
    </message>
    <message>
        <source>The track&apos;s probability {value} is at most {limit}.</source>
        <translation>Die Wahrscheinlichkeit der Gesichtsspur von {value} liegt nicht über {limit}.</translation>
    </message>
    <message>
        <source>The track&apos;s probability {value} lies between {low} and {high}, where errors are too frequent for a conclusion.</source>
        <translation>Die Wahrscheinlichkeit der Gesichtsspur von {value} liegt zwischen {low} und {high}, wo Fehler für einen Schluss zu häufig sind.</translation>
    </message>
    <message>
        <source>The track&apos;s probability {value} reaches {limit}.</source>
        <translation>Die Wahrscheinlichkeit der Gesichtsspur von {value} erreicht {limit}.</translation>
    </message>
    <message>
        <source>The window changes its language when the program is started again.</source>
        <translation>Das Fenster wechselt die Sprache, wenn das Programm neu gestartet wird.</translation>
    </message>
    <message>
        <source>The working copy {path} changed while it was analysed; check the disk and memory.</source>
        <translation>Die Arbeitskopie {path} hat sich während der Analyse geändert; prüfen Sie Datenträger und Arbeitsspeicher.</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>Farbschema</translation>
    </message>
    <message>
        <source>There are stretches without any sound, samples of 0: {value}. No microphone gives that.</source>
        <translation>Es gibt Strecken ganz ohne Ton, Abtastwerte von 0: {value}. Kein Mikrofon liefert das.</translation>
    </message>
    <message>
        <source>There is hum of the power grid: {value}.</source>
        <translation>Es gibt ein Brummen des Stromnetzes: {value}.</translation>
    </message>
    <message>
        <source>There is no model bundle {name}; choose one of: {known}, or give a bundle&apos;s folder.</source>
        <translation>Es gibt kein Modellpaket {name}; wählen Sie eines von: {known}, oder geben Sie den Ordner eines Modellpakets an.</translation>
    </message>
    <message>
        <source>There is no picture to save at this point.</source>
        <translation>An dieser Stelle gibt es kein Bild zu speichern.</translation>
    </message>
    <message>
        <source>There is no suspicious segment in this clip.</source>
        <translation>In diesem Clip gibt es keinen auffälligen Abschnitt.</translation>
    </message>
    <message>
        <source>There is not enough memory for this; close other programs and try again.</source>
        <translation>Dafür reicht der Arbeitsspeicher nicht; schließen Sie andere Programme und versuchen Sie es erneut.</translation>
    </message>
    <message>
        <source>There is nothing in these lanes to export yet.</source>
        <translation>In diesen Spuren gibt es noch nichts zu exportieren.</translation>
    </message>
    <message>
        <source>These settings affect the results. They are recorded in the case and in the report.</source>
        <translation>Diese Einstellungen wirken sich auf die Ergebnisse aus. Sie werden im Fall und im Bericht festgehalten.</translation>
    </message>
    <message>
        <source>This analysis was made without a model bundle, so there is no heat map.</source>
        <translation>Diese Analyse wurde ohne Modellpaket erstellt, daher gibt es keine Heatmap.</translation>
    </message>
    <message>
        <source>This does not show that the clip is unmanipulated: check it by other means before you publish.</source>
        <translation>Das zeigt nicht, dass der Clip unmanipuliert ist: Prüfen Sie ihn vor der Veröffentlichung auf anderem Weg.</translation>
    </message>
    <message>
        <source>This exhibit is no longer in the list.</source>
        <translation>Dieses Beweisstück ist nicht mehr in der Liste.</translation>
    </message>
    <message>
        <source>This file was analysed here before ({when}), {where}: {conclusion}.</source>
        <translation>Diese Datei wurde hier schon analysiert ({when}), {where}: {conclusion}.</translation>
    </message>
    <message>
        <source>This frame was not analysed.</source>
        <translation>Dieses Einzelbild wurde nicht analysiert.</translation>
    </message>
    <message>
        <source>This heat map or report was stopped while the clip was copied for it.</source>
        <translation>Diese Heatmap oder dieser Bericht wurde abgebrochen, während der Clip dafür kopiert wurde.</translation>
    </message>
    <message>
        <source>This is the former result; an analysis is running.</source>
        <translation>Dies ist das frühere Ergebnis; eine Analyse läuft.</translation>
    </message>
    <message>
        <source>This map does not explain the score; do not use it.</source>
        <translation>Diese Karte erklärt die Bewertung nicht; verwenden Sie sie nicht.</translation>
    </message>
    <message>
        <source>This position is outside the clip, which ends at {time}.</source>
        <translation>Diese Position liegt außerhalb des Clips, der bei {time} endet.</translation>
    </message>
    <message>
        <source>This program knows no way to confine it on this system.</source>
        <translation>Dieses Programm kann ihn auf diesem System nicht einschränken.</translation>
    </message>
    <message>
        <source>This stands on page one. The report is a folder with a PDF, tables and pictures; you choose where next.</source>
        <translation>Das steht auf Seite eins. Der Bericht ist ein Ordner mit PDF, Tabellen und Bildern, auf Englisch; wohin, wählen Sie danach.</translation>
    </message>
    <message>
        <source>This system has no way to refuse it the network and the reading and writing of other files.</source>
        <translation>Dieses System kann ihm das Netz und das Lesen und Schreiben anderer Dateien nicht verweigern.</translation>
    </message>
    <message>
        <source>This system has no way to refuse it the network and the reading of other files.</source>
        <translation>Dieses System kann ihm das Netz und das Lesen anderer Dateien nicht verweigern.</translation>
    </message>
    <message>
        <source>This system lacks Landlock, so other files are not closed to it.</source>
        <translation>Diesem System fehlt Landlock; andere Dateien sind ihm daher nicht verschlossen.</translation>
    </message>
    <message>
        <source>This system lacks functions that a confinement needs ({cause}).</source>
        <translation>Diesem System fehlen Funktionen, die eine Einschränkung braucht ({cause}).</translation>
    </message>
    <message>
        <source>This system lacks seccomp, so the network and other programs are not closed to it.</source>
        <translation>Diesem System fehlt seccomp; das Netz und andere Programme sind ihm daher nicht verschlossen.</translation>
    </message>
    <message>
        <source>This system sets no limit to its memory.</source>
        <translation>Dieses System begrenzt seinen Speicher nicht.</translation>
    </message>
    <message>
        <source>Thorough</source>
        <translation>Gründlich</translation>
    </message>
    <message>
        <source>Thresholds</source>
        <translation>Schwellen</translation>
    </message>
    <message>
        <source>Thresholds, deep look off</source>
        <translation>Schwellen, ohne Tiefenprüfung</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Time base</source>
        <translation>Zeitbasis</translation>
    </message>
    <message>
        <source>Time ruler</source>
        <translation>Zeitlineal</translation>
    </message>
    <message>
        <source>Time since the first frame</source>
        <translation>Zeit seit dem ersten Einzelbild</translation>
    </message>
    <message>
        <source>Timecode since the first frame (hours:minutes:seconds:frames; milliseconds if the frame rate varies)</source>
        <translation>Timecode seit dem ersten Einzelbild (Stunden:Minuten:Sekunden:Einzelbilder; Millisekunden, wenn die Bildrate schwankt)</translation>
    </message>
    <message>
        <source>Timeline</source>
        <translation>Zeitachse</translation>
    </message>
    <message>
        <source>Times of creation in the file differ by {value}, as they are written.</source>
        <translation>Die Entstehungszeiten in der Datei weichen, so wie sie dastehen, um {value} voneinander ab.</translation>
    </message>
    <message>
        <source>Title cards, slides, frozen video calls and poor connections.</source>
        <translation>Titeltafeln, Präsentationen, eingefrorene Videoanrufe und schlechte Verbindungen.</translation>
    </message>
    <message>
        <source>Too many open files</source>
        <translation>Zu viele offene Dateien</translation>
    </message>
    <message>
        <source>Tools</source>
        <translation>Werkzeuge</translation>
    </message>
    <message>
        <source>Trained on</source>
        <translation>Trainiert mit</translation>
    </message>
    <message>
        <source>Trimming that changes the index and leaves the data, padding of recorders, and data of a maker beside the tracks.</source>
        <translation>Kürzen, das den Index ändert und die Daten lässt, Füllbytes von Recordern und Daten eines Herstellers neben den Spuren.</translation>
    </message>
    <message>
        <source>Trust list</source>
        <translation>Vertrauensliste</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <source>Try another one where a heat map does not explain the score.</source>
        <translation>Versuchen Sie ein anderes, wenn eine Heatmap die Bewertung nicht erklärt.</translation>
    </message>
    <message>
        <source>Try the demo clip</source>
        <translation>Demo-Clip ausprobieren</translation>
    </message>
    <message>
        <source>Two limits</source>
        <translation>Zwei Grenzen</translation>
    </message>
    <message>
        <source>Two of five frames show woven lines, in the rhythm of film that was converted to television (3:2 pull-down).</source>
        <translation>Zwei von fünf Einzelbildern zeigen verwobene Zeilen, im Rhythmus von Film, der für das Fernsehen umgewandelt wurde (3:2-Pull-down).</translation>
    </message>
    <message>
        <source>Type a frame (120), seconds (4.2), a time (1:02.5), a timecode (00:00:04:05) or a pts (pts 90000).</source>
        <translation>Geben Sie ein Einzelbild (120), Sekunden (4.2), eine Zeit (1:02.5), einen Timecode (00:00:04:05) oder einen pts (pts 90000) ein.</translation>
    </message>
    <message>
        <source>Type a passphrase for the new key first; nobody can restore it.</source>
        <translation>Geben Sie zuerst eine Passphrase für den neuen Schlüssel ein; niemand kann sie wiederherstellen.</translation>
    </message>
    <message>
        <source>URL</source>
        <translation>URL</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Undo the last note, bookmark or decision</source>
        <translation>Letzte Notiz, letztes Lesezeichen oder letzte Entscheidung rückgängig machen</translation>
    </message>
    <message>
        <source>Unknown model: this bundle is none of those published with this program. Its calibration and its error rates are what its maker states; nobody checked them.</source>
        <translation>Unbekanntes Modell: Dieses Paket gehört nicht zu den mit diesem Programm veröffentlichten. Kalibrierung und Fehlerquoten sind Angaben des Herstellers; niemand hat sie geprüft.</translation>
    </message>
    <message>
        <source>Unsharp mask: increases the contrast of edges</source>
        <translation>Unscharf maskieren: erhöht den Kontrast von Kanten</translation>
    </message>
    <message>
        <source>Use the analysis of {when}</source>
        <translation>Analyse von {when} verwenden</translation>
    </message>
    <message>
        <source>Use the analysis of {when}, with its notes</source>
        <translation>Analyse von {when} mit ihren Notizen verwenden</translation>
    </message>
    <message>
        <source>Use the downloader&apos;s record</source>
        <translation>Angaben des Downloaders übernehmen</translation>
    </message>
    <message>
        <source>Usual causes</source>
        <translation>Übliche Ursachen</translation>
    </message>
    <message>
        <source>Validation, in C2PA&apos;s own words</source>
        <translation>Validierung, in den Worten von C2PA</translation>
    </message>
    <message>
        <source>Versions, model and licences</source>
        <translation>Versionen, Modell und Lizenzen</translation>
    </message>
    <message>
        <source>Video or still image. It is played and analysed on this computer; no data leaves it.</source>
        <translation>Video oder Standbild. Es wird auf diesem Computer abgespielt und analysiert; keine Daten verlassen ihn.</translation>
    </message>
    <message>
        <source>View</source>
        <translation>Ansicht</translation>
    </message>
    <message>
        <source>View of the picture</source>
        <translation>Ansicht des Bildes</translation>
    </message>
    <message>
        <source>Voice, silence</source>
        <translation>Stimme, Stille</translation>
    </message>
    <message>
        <source>What a file can do that takes over a process which decodes it</source>
        <translation>Was eine Datei ausrichten kann, die einen dekodierenden Prozess übernimmt</translation>
    </message>
    <message>
        <source>What a probability means and does not mean</source>
        <translation>Was eine Wahrscheinlichkeit bedeutet und was nicht</translation>
    </message>
    <message>
        <source>What could not be scored, and why.</source>
        <translation>Was nicht bewertet werden konnte, und warum.</translation>
    </message>
    <message>
        <source>What each conclusion means for a publication</source>
        <translation>Was jedes Ergebnis für eine Veröffentlichung bedeutet</translation>
    </message>
    <message>
        <source>What is this face called in lanes, card and report? The tool identifies nobody: the name is yours.</source>
        <translation>Wie heißt dieses Gesicht in Spuren, Karte und Bericht? Das Werkzeug identifiziert niemanden: Der Name stammt von Ihnen.</translation>
    </message>
    <message>
        <source>What it can tell</source>
        <translation>Was es aussagen kann</translation>
    </message>
    <message>
        <source>What it cannot tell</source>
        <translation>Was es nicht aussagen kann</translation>
    </message>
    <message>
        <source>What side {name} shows</source>
        <translation>Was Seite {name} zeigt</translation>
    </message>
    <message>
        <source>What the colours and patterns mean</source>
        <translation>Was die Farben und Muster bedeuten</translation>
    </message>
    <message>
        <source>What the file says about itself. None of it is part of the score.</source>
        <translation>Was die Datei über sich selbst sagt. Nichts davon geht in die Bewertung ein.</translation>
    </message>
    <message>
        <source>What the timeline shows</source>
        <translation>Was die Zeitachse zeigt</translation>
    </message>
    <message>
        <source>What this tool can and cannot &amp;tell</source>
        <translation>Was dieses Werkzeug aussagen kann und was &amp;nicht</translation>
    </message>
    <message>
        <source>What this tool can and cannot tell</source>
        <translation>Was dieses Werkzeug aussagen kann und was nicht</translation>
    </message>
    <message>
        <source>Wheel over the picture</source>
        <translation>Mausrad über dem Bild</translation>
    </message>
    <message>
        <source>Wheel over the timeline</source>
        <translation>Mausrad über der Zeitachse</translation>
    </message>
    <message>
        <source>Where the network looked, not what was changed. A grey one explains nothing; do not use it.</source>
        <translation>Wohin das Netz geschaut hat, nicht, was verändert wurde. Eine graue erklärt nichts; verwenden Sie sie nicht.</translation>
    </message>
    <message>
        <source>Where to keep the new key</source>
        <translation>Wo der neue Schlüssel aufbewahrt wird</translation>
    </message>
    <message>
        <source>Which parts of the clip, and of the face, to examine more closely.</source>
        <translation>Welche Teile des Clips und des Gesichts genauer zu untersuchen sind.</translation>
    </message>
    <message>
        <source>Who examines?</source>
        <translation>Wer prüft?</translation>
    </message>
    <message>
        <source>Whole clip</source>
        <translation>Ganzer Clip</translation>
    </message>
    <message>
        <source>Whole clip in timeline</source>
        <translation>&amp;Ganzer Clip in der Zeitachse</translation>
    </message>
    <message>
        <source>Whole frame</source>
        <translation>Ganzes Einzelbild</translation>
    </message>
    <message>
        <source>Width of the centred mean of frame probabilities.</source>
        <translation>Breite des zentrierten Mittels der Bildwahrscheinlichkeiten.</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>Fenster</translation>
    </message>
    <message>
        <source>Wipe</source>
        <translation>Wischblende</translation>
    </message>
    <message>
        <source>With {count} face tracks in one clip it is likelier that one of them is flagged wrongly.</source>
        <translation>Bei {count} Gesichtsspuren in einem Clip ist es wahrscheinlicher, dass eine davon fälschlich gemeldet wird.</translation>
    </message>
    <message>
        <source>With {count} faces in one picture it is likelier that one of them is flagged wrongly.</source>
        <translation>Bei {count} Gesichtern in einem Bild ist es wahrscheinlicher, dass eines davon fälschlich gemeldet wird.</translation>
    </message>
    <message>
        <source>Withdraw</source>
        <translation>Zurückziehen</translation>
    </message>
    <message>
        <source>Without a model bundle nothing is scored, so there is no heat map.</source>
        <translation>Ohne Modellpaket wird nichts bewertet, daher gibt es keine Heatmap.</translation>
    </message>
    <message>
        <source>Working</source>
        <translation>In Arbeit</translation>
    </message>
    <message>
        <source>Worst</source>
        <translation>Spitze</translation>
    </message>
    <message>
        <source>Worst frame</source>
        <translation>Auffälligstes Einzelbild</translation>
    </message>
    <message>
        <source>Worst frame and heat map</source>
        <translation>Auffälligstes Einzelbild und Heatmap</translation>
    </message>
    <message>
        <source>Write a note on the selection</source>
        <translation>Notiz zur Auswahl schreiben</translation>
    </message>
    <message>
        <source>Write a note on the selection, or on the range between in and out if nothing is selected</source>
        <translation>Notiz zur Auswahl schreiben, oder zum Bereich zwischen In und Out, wenn nichts ausgewählt ist</translation>
    </message>
    <message>
        <source>Write the evidence report into a folder</source>
        <translation>Den Beweisbericht in einen Ordner schreiben</translation>
    </message>
    <message>
        <source>Write the report of each analysed exhibit and a list of all exhibits into a folder</source>
        <translation>Den Bericht jedes analysierten Beweisstücks und eine Liste aller in einen Ordner schreiben</translation>
    </message>
    <message>
        <source>Writing the list of exhibits …</source>
        <translation>Die Liste der Beweisstücke wird geschrieben …</translation>
    </message>
    <message>
        <source>Writing the report of exhibit {label}; {left} left …</source>
        <translation>Der Bericht zu Beweisstück {label} wird geschrieben; noch {left} …</translation>
    </message>
    <message>
        <source>Writing the report to {folder} …</source>
        <translation>Der Bericht wird nach {folder} geschrieben …</translation>
    </message>
    <message>
        <source>Written by {value}, a program that converts video.</source>
        <translation>Geschrieben von {value}, einem Programm, das Video umwandelt.</translation>
    </message>
    <message>
        <source>Written by {value}, the library of FFmpeg, as the file states: converted, cut or downloaded, seldom straight from a camera.</source>
        <translation>Geschrieben von {value}, der Bibliothek von FFmpeg, wie die Datei angibt: umgewandelt, geschnitten oder heruntergeladen, selten unmittelbar aus einer Kamera.</translation>
    </message>
    <message>
        <source>Written by {value}: opened and saved in a program for editing.</source>
        <translation>Geschrieben von {value}: in einem Bearbeitungsprogramm geöffnet und gespeichert.</translation>
    </message>
    <message>
        <source>You agree that the tool&apos;s result supports neither answer.</source>
        <translation>Sie stimmen zu, dass das Ergebnis des Werkzeugs keine der beiden Antworten stützt.</translation>
    </message>
    <message>
        <source>You agree with this finding.</source>
        <translation>Sie stimmen diesem Befund zu.</translation>
    </message>
    <message>
        <source>You can keep viewing the clip; scores appear in the timeline as they are computed.</source>
        <translation>Sie können den Clip weiter ansehen; Bewertungen erscheinen in der Zeitachse, sobald sie berechnet sind.</translation>
    </message>
    <message>
        <source>You consider the question answered by other evidence; say which, and which way.</source>
        <translation>Sie halten die Frage durch andere Belege für beantwortet; sagen Sie, durch welche und wie.</translation>
    </message>
    <message>
        <source>You do not agree with this finding.</source>
        <translation>Sie stimmen diesem Befund nicht zu.</translation>
    </message>
    <message>
        <source>Your last changes are not saved: see that the case&apos;s folder can be written and its disk has room, and save again, or close again to discard them.</source>
        <translation>Ihre letzten Änderungen sind nicht gespeichert: Sorgen Sie dafür, dass der Ordner des Falls beschreibbar ist und sein Datenträger Platz hat, und speichern Sie erneut, oder schließen Sie noch einmal, um sie zu verwerfen.</translation>
    </message>
    <message>
        <source>Your name stands beside your decisions and on the report. It is remembered on this computer only.</source>
        <translation>Ihr Name steht neben Ihren Entscheidungen und auf dem Bericht. Er wird nur auf diesem Computer gemerkt.</translation>
    </message>
    <message>
        <source>Your name, for the cover of new cases and for your notes.</source>
        <translation>Ihr Name, für das Deckblatt neuer Fälle und für Ihre Notizen.</translation>
    </message>
    <message>
        <source>Your note</source>
        <translation>Ihre Notiz</translation>
    </message>
    <message>
        <source>Your note on {start} to {end}. It is printed in the report.</source>
        <translation>Ihre Notiz zu {start} bis {end}. Sie wird im Bericht abgedruckt.</translation>
    </message>
    <message>
        <source>Your observations. The report prints them apart from the tool&apos;s results.</source>
        <translation>Ihre Beobachtungen. Der Bericht druckt sie getrennt von den Ergebnissen des Werkzeugs.</translation>
    </message>
    <message>
        <source>Your organisation, for the cover of new cases.</source>
        <translation>Ihre Organisation, für das Deckblatt neuer Fälle.</translation>
    </message>
    <message>
        <source>Your reason is printed in the report beside the finding:</source>
        <translation>Ihre Begründung wird im Bericht neben dem Befund abgedruckt:</translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation>Zoom</translation>
    </message>
    <message>
        <source>Zoom &amp;in</source>
        <translation>Vergröße&amp;rn</translation>
    </message>
    <message>
        <source>Zoom &amp;out</source>
        <translation>Ver&amp;kleinern</translation>
    </message>
    <message>
        <source>Zoom at the pointer</source>
        <translation>An der Mausposition zoomen</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>Vergrößern</translation>
    </message>
    <message>
        <source>Zoom in time</source>
        <translation>In der Zeit zoomen</translation>
    </message>
    <message>
        <source>Zoom in, or fit</source>
        <translation>Vergrößern oder einpassen</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>Verkleinern</translation>
    </message>
    <message>
        <source>Zoom the timeline to the selection</source>
        <translation>Zeitachse auf die Auswahl zoomen</translation>
    </message>
    <message>
        <source>Zoom timeline in</source>
        <translation>Zeitachse vergrößern</translation>
    </message>
    <message>
        <source>Zoom timeline out</source>
        <translation>Zeitachse verkleinern</translation>
    </message>
    <message>
        <source>a 7-Zip archive</source>
        <translation>ein 7-Zip-Archiv</translation>
    </message>
    <message>
        <source>a BPG picture</source>
        <translation>ein BPG-Bild</translation>
    </message>
    <message>
        <source>a DDS picture</source>
        <translation>ein DDS-Bild</translation>
    </message>
    <message>
        <source>a DPX picture</source>
        <translation>ein DPX-Bild</translation>
    </message>
    <message>
        <source>a JPEG 2000 picture</source>
        <translation>ein JPEG-2000-Bild</translation>
    </message>
    <message>
        <source>a JPEG XL picture</source>
        <translation>ein JPEG-XL-Bild</translation>
    </message>
    <message>
        <source>a JPEG XR picture</source>
        <translation>ein JPEG-XR-Bild</translation>
    </message>
    <message>
        <source>a JPEG picture with more than 8 bits a sample</source>
        <translation>ein JPEG-Bild mit mehr als 8 Bit je Abtastwert</translation>
    </message>
    <message>
        <source>a JPEG-LS picture</source>
        <translation>ein JPEG-LS-Bild</translation>
    </message>
    <message>
        <source>a Netpbm picture (PBM, PGM, PPM)</source>
        <translation>ein Netpbm-Bild (PBM, PGM, PPM)</translation>
    </message>
    <message>
        <source>a PCX picture</source>
        <translation>ein PCX-Bild</translation>
    </message>
    <message>
        <source>a PDF document</source>
        <translation>ein PDF-Dokument</translation>
    </message>
    <message>
        <source>a Photoshop document</source>
        <translation>ein Photoshop-Dokument</translation>
    </message>
    <message>
        <source>a QOI picture</source>
        <translation>ein QOI-Bild</translation>
    </message>
    <message>
        <source>a RAR archive</source>
        <translation>ein RAR-Archiv</translation>
    </message>
    <message>
        <source>a Radiance HDR picture</source>
        <translation>ein Radiance-HDR-Bild</translation>
    </message>
    <message>
        <source>a Zstandard archive</source>
        <translation>ein Zstandard-Archiv</translation>
    </message>
    <message>
        <source>a bzip2 archive</source>
        <translation>ein bzip2-Archiv</translation>
    </message>
    <message>
        <source>a database, perhaps a case file</source>
        <translation>eine Datenbank, vielleicht eine Falldatei</translation>
    </message>
    <message>
        <source>a file that this one was made from</source>
        <translation>eine Datei, aus der diese entstand,</translation>
    </message>
    <message>
        <source>a gzip archive</source>
        <translation>ein gzip-Archiv</translation>
    </message>
    <message>
        <source>a name in it is too long or has characters that cannot be printed</source>
        <translation>ein Name darin ist zu lang oder hat Zeichen, die sich nicht darstellen lassen</translation>
    </message>
    <message>
        <source>a packet is cut short</source>
        <translation>ein Paket ist abgeschnitten</translation>
    </message>
    <message>
        <source>a picture from an iPhone app (PNG changed by Xcode, CgBI)</source>
        <translation>ein Bild aus einer iPhone-App (von Xcode geändertes PNG, CgBI)</translation>
    </message>
    <message>
        <source>a playlist that points to other files</source>
        <translation>eine Wiedergabeliste, die auf andere Dateien verweist</translation>
    </message>
    <message>
        <source>a program</source>
        <translation>ein Programm</translation>
    </message>
    <message>
        <source>a signer without a name</source>
        <translation>einem Unterzeichner ohne Namen</translation>
    </message>
    <message>
        <source>a sound file without video</source>
        <translation>eine Tondatei ohne Video</translation>
    </message>
    <message>
        <source>a voice is heard</source>
        <translation>Stimme hörbar</translation>
    </message>
    <message>
        <source>a voice is heard for less than {least} s while the mouth is seen</source>
        <translation>eine Stimme ist weniger als {least} s zu hören, während der Mund zu sehen ist</translation>
    </message>
    <message>
        <source>a zip archive or office document</source>
        <translation>ein ZIP-Archiv oder Office-Dokument</translation>
    </message>
    <message>
        <source>about {count}</source>
        <translation>etwa {count}</translation>
    </message>
    <message>
        <source>after I</source>
        <translation>nach I</translation>
    </message>
    <message>
        <source>aligned by the box</source>
        <translation>ausgerichtet nach dem Rahmen</translation>
    </message>
    <message>
        <source>aligned by the eyes</source>
        <translation>ausgerichtet nach den Augen</translation>
    </message>
    <message>
        <source>all</source>
        <translation>alle</translation>
    </message>
    <message>
        <source>all held-out tracks: as recorded, degraded and forged</source>
        <translation>alle zurückgehaltenen Gesichtsspuren: wie aufgenommen, verschlechtert und gefälscht</translation>
    </message>
    <message>
        <source>all {count}</source>
        <translation>alle {count}</translation>
    </message>
    <message>
        <source>all: for a clip that matters; off: for a first look through hours of material.</source>
        <translation>alle: für einen Clip, auf den es ankommt; aus: für eine erste Sichtung von Stunden an Material.</translation>
    </message>
    <message>
        <source>amount</source>
        <translation>Stärke</translation>
    </message>
    <message>
        <source>an OpenEXR picture</source>
        <translation>ein OpenEXR-Bild</translation>
    </message>
    <message>
        <source>an SGI picture</source>
        <translation>ein SGI-Bild</translation>
    </message>
    <message>
        <source>an analysis file is called {analysis_file}, which is no plain name</source>
        <translation>eine Analysedatei heißt {analysis_file}, und das ist kein einfacher Dateiname</translation>
    </message>
    <message>
        <source>an empty zip archive</source>
        <translation>ein leeres ZIP-Archiv</translation>
    </message>
    <message>
        <source>an exhibit&apos;s path is {path}</source>
        <translation>der Pfad eines Beweisstücks ist {path}</translation>
    </message>
    <message>
        <source>an observation on landmarks, not part of the score</source>
        <translation>eine Beobachtung an Landmarken, geht nicht in die Bewertung ein</translation>
    </message>
    <message>
        <source>an observation on the file, not part of the score</source>
        <translation>eine Beobachtung an der Datei, geht nicht in die Bewertung ein</translation>
    </message>
    <message>
        <source>an observation on the sound, not part of the score</source>
        <translation>eine Beobachtung am Ton, geht nicht in die Bewertung ein</translation>
    </message>
    <message>
        <source>an office document</source>
        <translation>ein Office-Dokument</translation>
    </message>
    <message>
        <source>an xz archive</source>
        <translation>ein xz-Archiv</translation>
    </message>
    <message>
        <source>analysed elsewhere: open it to use that</source>
        <translation>anderswo analysiert: öffnen, um das zu verwenden</translation>
    </message>
    <message>
        <source>analysed: {conclusion}</source>
        <translation>analysiert: {conclusion}</translation>
    </message>
    <message>
        <source>analysing {name}</source>
        <translation>Analysieren von {name}</translation>
    </message>
    <message>
        <source>another clip</source>
        <translation>ein anderer Clip</translation>
    </message>
    <message>
        <source>another examiner</source>
        <translation>Jemand anderes</translation>
    </message>
    <message>
        <source>another file</source>
        <translation>andere Datei</translation>
    </message>
    <message>
        <source>as decoded</source>
        <translation>wie dekodiert</translation>
    </message>
    <message>
        <source>asking the key store</source>
        <translation>Abfragen des Schlüsselspeichers</translation>
    </message>
    <message>
        <source>at least {value}</source>
        <translation>mindestens {value}</translation>
    </message>
    <message>
        <source>at most {value}</source>
        <translation>höchstens {value}</translation>
    </message>
    <message>
        <source>at {at} s</source>
        <translation>bei {at} s</translation>
    </message>
    <message>
        <source>auto</source>
        <translation>automatisch</translation>
    </message>
    <message>
        <source>auxiliary picture</source>
        <translation>Hilfsbild</translation>
    </message>
    <message>
        <source>between the limits: inconclusive</source>
        <translation>zwischen den Grenzen: nicht eindeutig</translation>
    </message>
    <message>
        <source>between {low:.2f} and {high:.2f}</source>
        <translation>zwischen {low:.2f} und {high:.2f}</translation>
    </message>
    <message>
        <source>bit rate</source>
        <translation>Bitrate</translation>
    </message>
    <message>
        <source>black</source>
        <translation>Schwarz</translation>
    </message>
    <message>
        <source>blink {row} of {count}: {length}, {span}</source>
        <translation>Lidschlag {row} von {count}: {length}, {span}</translation>
    </message>
    <message>
        <source>blinks</source>
        <translation>Lidschläge</translation>
    </message>
    <message>
        <source>bookmark</source>
        <translation>Lesezeichen</translation>
    </message>
    <message>
        <source>bookmark: {label}</source>
        <translation>Lesezeichen: {label}</translation>
    </message>
    <message>
        <source>box</source>
        <translation>Rahmen</translation>
    </message>
    <message>
        <source>cancelling a job</source>
        <translation>Abbrechen eines Auftrags</translation>
    </message>
    <message>
        <source>change</source>
        <translation>Änderung</translation>
    </message>
    <message>
        <source>clips of 58 groups of sources (49 with originals, 28 with fakes), by the sibling networks that did not learn them</source>
        <translation>Clips aus 58 Quellengruppen (49 mit Originalen, 28 mit Fälschungen), durch die Schwesternetze, die sie nicht gelernt haben</translation>
    </message>
    <message>
        <source>clips of sources that training never saw, and stills of two sources that it knew, every frame; of their fakes these kinds were trained on: GAN portrait, reenactment/talking head, talking head</source>
        <translation>Clips aus Quellen, die im Training nie vorkamen, und Standbilder zweier bekannter Quellen, jedes Einzelbild; von ihren Fälschungen kamen diese Arten im Training vor: GAN-Porträt, Reenactment/Talking Head, Talking Head</translation>
    </message>
    <message>
        <source>closing a decoding position</source>
        <translation>Schließen einer Dekodierposition</translation>
    </message>
    <message>
        <source>closing the files of a compared clip</source>
        <translation>Schließen der Dateien eines verglichenen Clips</translation>
    </message>
    <message>
        <source>closing the files of a failed job</source>
        <translation>Schließen der Dateien eines gescheiterten Auftrags</translation>
    </message>
    <message>
        <source>closing the files of another clip</source>
        <translation>Schließen der Dateien eines anderen Clips</translation>
    </message>
    <message>
        <source>colour primaries {after} (was {before})</source>
        <translation>Primärfarben {after} (zuvor {before})</translation>
    </message>
    <message>
        <source>combing</source>
        <translation>Kammartefakte</translation>
    </message>
    <message>
        <source>comparing two frames</source>
        <translation>Vergleichen zweier Einzelbilder</translation>
    </message>
    <message>
        <source>constant</source>
        <translation>konstant</translation>
    </message>
    <message>
        <source>contours</source>
        <translation>Konturen</translation>
    </message>
    <message>
        <source>converting a frame</source>
        <translation>Umwandeln eines Einzelbilds</translation>
    </message>
    <message>
        <source>copying and hashing the clip … {percent} %</source>
        <translation>Clip wird kopiert und gehasht … {percent} %</translation>
    </message>
    <message>
        <source>corrupt</source>
        <translation>beschädigt</translation>
    </message>
    <message>
        <source>cover picture</source>
        <translation>Titelbild</translation>
    </message>
    <message>
        <source>dark</source>
        <translation>dunkel</translation>
    </message>
    <message>
        <source>decoding a frame</source>
        <translation>Dekodieren eines Einzelbilds</translation>
    </message>
    <message>
        <source>decoding ahead</source>
        <translation>Vorausdekodieren</translation>
    </message>
    <message>
        <source>deep look</source>
        <translation>Tiefenprüfung</translation>
    </message>
    <message>
        <source>deep look … {percent} %</source>
        <translation>Tiefenprüfung … {percent} %</translation>
    </message>
    <message>
        <source>deep look, decides</source>
        <translation>Tiefenprüfung, entscheidet</translation>
    </message>
    <message>
        <source>deep {deep}</source>
        <translation>tief {deep}</translation>
    </message>
    <message>
        <source>degrees</source>
        <translation>Grad</translation>
    </message>
    <message>
        <source>drawing the conclusion …</source>
        <translation>der Schluss wird gezogen …</translation>
    </message>
    <message>
        <source>drawing the sound</source>
        <translation>Zeichnen des Tons</translation>
    </message>
    <message>
        <source>each frame</source>
        <translation>jedes Einzelbild</translation>
    </message>
    <message>
        <source>each group counts once</source>
        <translation>jede Gruppe zählt einmal</translation>
    </message>
    <message>
        <source>each group once, so no rate is a share of n</source>
        <translation>jede Gruppe einmal; keine Rate ist ein Anteil von n</translation>
    </message>
    <message>
        <source>empty here</source>
        <translation>hier leer</translation>
    </message>
    <message>
        <source>error rate not measured</source>
        <translation>Fehlerquote nicht gemessen</translation>
    </message>
    <message>
        <source>examining the sound</source>
        <translation>Untersuchen des Tons</translation>
    </message>
    <message>
        <source>examining the sound of {name}</source>
        <translation>Untersuchen des Tons von {name}</translation>
    </message>
    <message>
        <source>exhibit {label}</source>
        <translation>Beweisstück {label}</translation>
    </message>
    <message>
        <source>exhibit {label} {file}</source>
        <translation>Beweisstück {label} {file}</translation>
    </message>
    <message>
        <source>exit code {code}: an error of the program</source>
        <translation>Exit-Code {code}: ein Fehler des Programms</translation>
    </message>
    <message>
        <source>eye aspect ratio</source>
        <translation>Augenöffnung</translation>
    </message>
    <message>
        <source>eyes</source>
        <translation>Augen</translation>
    </message>
    <message>
        <source>face covered or cut off</source>
        <translation>Gesicht verdeckt oder abgeschnitten</translation>
    </message>
    <message>
        <source>face too blurred</source>
        <translation>Gesicht zu unscharf</translation>
    </message>
    <message>
        <source>face too small</source>
        <translation>Gesicht zu klein</translation>
    </message>
    <message>
        <source>face turned away</source>
        <translation>Gesicht abgewandt</translation>
    </message>
    <message>
        <source>failed: {reason}</source>
        <translation>fehlgeschlagen: {reason}</translation>
    </message>
    <message>
        <source>false positives</source>
        <translation>falsch positiv</translation>
    </message>
    <message>
        <source>fast look</source>
        <translation>Schnellprüfung</translation>
    </message>
    <message>
        <source>fast look, screening</source>
        <translation>Schnellprüfung, Vorauswahl</translation>
    </message>
    <message>
        <source>fast {probability}</source>
        <translation>schnell {probability}</translation>
    </message>
    <message>
        <source>fewer than one</source>
        <translation>weniger als eines</translation>
    </message>
    <message>
        <source>fewer than {least} frames a second were analysed</source>
        <translation>es wurden weniger als {least} Einzelbilder je Sekunde analysiert</translation>
    </message>
    <message>
        <source>file missing</source>
        <translation>Datei fehlt</translation>
    </message>
    <message>
        <source>filtering a frame</source>
        <translation>Filtern eines Einzelbilds</translation>
    </message>
    <message>
        <source>follows player</source>
        <translation>folgt Player</translation>
    </message>
    <message>
        <source>found</source>
        <translation>gefunden</translation>
    </message>
    <message>
        <source>frame </source>
        <translation>Bild </translation>
    </message>
    <message>
        <source>frame probability</source>
        <translation>Bildwahrscheinlichkeit</translation>
    </message>
    <message>
        <source>frame {index}</source>
        <translation>Bild {index}</translation>
    </message>
    <message>
        <source>frame {index} at {time}</source>
        <translation>Bild {index} bei {time}</translation>
    </message>
    <message>
        <source>frame {index} of {total}</source>
        <translation>Bild {index} von {total}</translation>
    </message>
    <message>
        <source>frame {probability}</source>
        <translation>Bild {probability}</translation>
    </message>
    <message>
        <source>frames</source>
        <translation>Einzelbilder</translation>
    </message>
    <message>
        <source>frames in a row over the upper limit</source>
        <translation>aufeinanderfolgende Einzelbilder über der oberen Grenze</translation>
    </message>
    <message>
        <source>from pts {start} up to {end}</source>
        <translation>von pts {start} bis {end}</translation>
    </message>
    <message>
        <source>from {low:g}</source>
        <translation>ab {low:g}</translation>
    </message>
    <message>
        <source>from {start} to {end} s</source>
        <translation>von {start} bis {end} s</translation>
    </message>
    <message>
        <source>from {time}: {reason}</source>
        <translation>ab {time}: {reason}</translation>
    </message>
    <message>
        <source>full scale</source>
        <translation>voller Bereich</translation>
    </message>
    <message>
        <source>gain</source>
        <translation>Verstärkung</translation>
    </message>
    <message>
        <source>gap: no picture</source>
        <translation>Lücke: kein Bild</translation>
    </message>
    <message>
        <source>gap: {reason}</source>
        <translation>Lücke: {reason}</translation>
    </message>
    <message>
        <source>gave no answer for {limit} s</source>
        <translation>seit {limit} s keine Antwort</translation>
    </message>
    <message>
        <source>generated by AI</source>
        <translation>von KI erzeugt</translation>
    </message>
    <message>
        <source>giving free memory back</source>
        <translation>Zurückgeben von freiem Speicher</translation>
    </message>
    <message>
        <source>grey levels</source>
        <translation>Graustufen</translation>
    </message>
    <message>
        <source>grey levels squared</source>
        <translation>Graustufen zum Quadrat</translation>
    </message>
    <message>
        <source>hardly any support against manipulation</source>
        <translation>spricht kaum gegen Manipulation</translation>
    </message>
    <message>
        <source>hardly any support for manipulation</source>
        <translation>spricht kaum für Manipulation</translation>
    </message>
    <message>
        <source>hashing the clip … {percent} %</source>
        <translation>Clip wird gehasht … {percent} %</translation>
    </message>
    <message>
        <source>heat map</source>
        <translation>Heatmap</translation>
    </message>
    <message>
        <source>held-out originals and generated clips and stills as recorded</source>
        <translation>zurückgehaltene Originale und erzeugte Clips und Standbilder, wie aufgenommen</translation>
    </message>
    <message>
        <source>held-out originals degraded, and forged versions of them</source>
        <translation>zurückgehaltene Originale, verschlechtert, und gefälschte Fassungen davon</translation>
    </message>
    <message>
        <source>held-out people of the training sources: files as recorded, the originals degraded, and forged</source>
        <translation>zurückgehaltene Personen der Trainingsquellen: Dateien wie aufgenommen, die Originale verschlechtert und gefälscht</translation>
    </message>
    <message>
        <source>high contrast</source>
        <translation>hoher Kontrast</translation>
    </message>
    <message>
        <source>in and out</source>
        <translation>In und Out</translation>
    </message>
    <message>
        <source>in the case “{case_name}”</source>
        <translation>im Fall „{case_name}“</translation>
    </message>
    <message>
        <source>in {folder}</source>
        <translation>in {folder}</translation>
    </message>
    <message>
        <source>inconclusive</source>
        <translation>nicht eindeutig</translation>
    </message>
    <message>
        <source>infrared, thermal and heavily tinted footage</source>
        <translation>Infrarot-, Wärmebild- und stark eingefärbte Aufnahmen</translation>
    </message>
    <message>
        <source>interlaced</source>
        <translation>Zeilensprung</translation>
    </message>
    <message>
        <source>intra area</source>
        <translation>Intra-Anteil</translation>
    </message>
    <message>
        <source>it does not answer</source>
        <translation>er antwortet nicht</translation>
    </message>
    <message>
        <source>it does not answer within {patience_seconds} seconds</source>
        <translation>er antwortet nicht innerhalb von {patience_seconds} Sekunden</translation>
    </message>
    <message>
        <source>it does not give back what it was given</source>
        <translation>er gibt nicht zurück, was ihm übergeben wurde</translation>
    </message>
    <message>
        <source>it forgets everything at the end of the session</source>
        <translation>er vergisst am Ende der Sitzung alles</translation>
    </message>
    <message>
        <source>it has more than {most_steps} parts</source>
        <translation>er hat mehr als {most_steps} Teile</translation>
    </message>
    <message>
        <source>it holds no collection yet</source>
        <translation>er enthält noch keine Sammlung</translation>
    </message>
    <message>
        <source>it is a link that leads back to itself</source>
        <translation>sie ist eine Verknüpfung, die auf sich selbst zurückführt</translation>
    </message>
    <message>
        <source>it is a link to a file that is missing</source>
        <translation>sie ist eine Verknüpfung mit einer Datei, die fehlt</translation>
    </message>
    <message>
        <source>it is locked</source>
        <translation>er ist gesperrt</translation>
    </message>
    <message>
        <source>it lists {exhibits} exhibits, more than {most_exhibits}</source>
        <translation>er führt {exhibits} Beweisstücke auf, mehr als {most_exhibits}</translation>
    </message>
    <message>
        <source>its data is damaged</source>
        <translation>seine Daten sind beschädigt</translation>
    </message>
    <message>
        <source>its headers take more than {most_read} MB</source>
        <translation>seine Kopfdaten belegen mehr als {most_read} MB</translation>
    </message>
    <message>
        <source>its memory</source>
        <translation>sein Speicher</translation>
    </message>
    <message>
        <source>key</source>
        <translation>Schlüssel</translation>
    </message>
    <message>
        <source>key frame</source>
        <translation>Schlüsselbild</translation>
    </message>
    <message>
        <source>keyring is set to use {chosen} instead</source>
        <translation>keyring ist auf {chosen} eingestellt</translation>
    </message>
    <message>
        <source>landmark jitter</source>
        <translation>Zittern der Landmarken</translation>
    </message>
    <message>
        <source>licence in its package</source>
        <translation>Lizenz im Paket</translation>
    </message>
    <message>
        <source>light</source>
        <translation>hell</translation>
    </message>
    <message>
        <source>likelihood ratio {ratio}</source>
        <translation>Likelihood-Quotient {ratio}</translation>
    </message>
    <message>
        <source>live video calls and screen recordings</source>
        <translation>laufende Videoanrufe und Bildschirmaufnahmen</translation>
    </message>
    <message>
        <source>loading the detector …</source>
        <translation>Detektor wird geladen …</translation>
    </message>
    <message>
        <source>loading the libraries</source>
        <translation>Laden der Bibliotheken</translation>
    </message>
    <message>
        <source>loading the networks</source>
        <translation>Laden der Netze</translation>
    </message>
    <message>
        <source>looking at a disk</source>
        <translation>Nachsehen auf einem Datenträger</translation>
    </message>
    <message>
        <source>loudest at {middle:.1f} kHz, {level:.0f} dBFS</source>
        <translation>am lautesten bei {middle:.1f} kHz, {level:.0f} dBFS</translation>
    </message>
    <message>
        <source>lower limit {value}</source>
        <translation>untere Grenze {value}</translation>
    </message>
    <message>
        <source>making a heat map</source>
        <translation>Berechnen einer Heatmap</translation>
    </message>
    <message>
        <source>making a thumbnail</source>
        <translation>Erstellen eines Vorschaubilds</translation>
    </message>
    <message>
        <source>making the close-up</source>
        <translation>Erstellen der Nahansicht</translation>
    </message>
    <message>
        <source>making the heat map of {track_id}</source>
        <translation>Berechnen der Heatmap von {track_id}</translation>
    </message>
    <message>
        <source>making the key</source>
        <translation>Erzeugen des Schlüssels</translation>
    </message>
    <message>
        <source>manipulation indicated</source>
        <translation>Hinweis auf Manipulation</translation>
    </message>
    <message>
        <source>manipulations missed or left undecided</source>
        <translation>Manipulation übersehen oder unentschieden</translation>
    </message>
    <message>
        <source>matrix</source>
        <translation>Matrix</translation>
    </message>
    <message>
        <source>matrix {after} (was {before})</source>
        <translation>Matrix {after} (zuvor {before})</translation>
    </message>
    <message>
        <source>mean raw score: indicated from {high:.2f}, never “no manipulation indicated”</source>
        <translation>mittlerer Rohwert: Hinweis ab {high:.2f}, nie „Kein Hinweis auf Manipulation“</translation>
    </message>
    <message>
        <source>mean raw score: indicated from {high:.2f}, not indicated up to {low:.2f}</source>
        <translation>mittlerer Rohwert: Hinweis ab {high:.2f}, kein Hinweis bis {low:.2f}</translation>
    </message>
    <message>
        <source>mean raw score: never “manipulation indicated”, not indicated up to {low:.2f}</source>
        <translation>mittlerer Rohwert: nie „Hinweis auf Manipulation“, kein Hinweis bis {low:.2f}</translation>
    </message>
    <message>
        <source>mesh</source>
        <translation>Netz</translation>
    </message>
    <message>
        <source>methods and programs that appeared after autumn 2026</source>
        <translation>Verfahren und Programme, die nach Herbst 2026 erschienen sind</translation>
    </message>
    <message>
        <source>mirrored and rotated {angle}°</source>
        <translation>gespiegelt und um {angle}° gedreht</translation>
    </message>
    <message>
        <source>missing</source>
        <translation>fehlt</translation>
    </message>
    <message>
        <source>moderate support against manipulation</source>
        <translation>spricht mäßig gegen Manipulation</translation>
    </message>
    <message>
        <source>moderate support for manipulation</source>
        <translation>spricht mäßig für Manipulation</translation>
    </message>
    <message>
        <source>moderately strong support against manipulation</source>
        <translation>spricht mäßig bis stark gegen Manipulation</translation>
    </message>
    <message>
        <source>moderately strong support for manipulation</source>
        <translation>spricht mäßig bis stark für Manipulation</translation>
    </message>
    <message>
        <source>mouth opening</source>
        <translation>Mundöffnung</translation>
    </message>
    <message>
        <source>muted</source>
        <translation>stumm</translation>
    </message>
    <message>
        <source>muted: not at 1×</source>
        <translation>stumm: nicht bei 1×</translation>
    </message>
    <message numerus="yes">
        <source>n = %n manipulated tracks</source>
        <comment>n = %n manipulated track</comment>
        <translation>
            <numerusform>n = %n manipulierte Gesichtsspur</numerusform>
            <numerusform>n = %n manipulierte Gesichtsspuren</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>n = %n unmanipulated tracks</source>
        <comment>n = %n unmanipulated track</comment>
        <translation>
            <numerusform>n = %n unmanipulierte Gesichtsspur</numerusform>
            <numerusform>n = %n unmanipulierte Gesichtsspuren</numerusform>
        </translation>
    </message>
    <message>
        <source>no audio device</source>
        <translation>kein Audiogerät</translation>
    </message>
    <message>
        <source>no code given</source>
        <translation>kein Code angegeben</translation>
    </message>
    <message>
        <source>no face</source>
        <translation>kein Gesicht</translation>
    </message>
    <message>
        <source>no face found</source>
        <translation>kein Gesicht gefunden</translation>
    </message>
    <message>
        <source>no face to score</source>
        <translation>kein bewertbares Gesicht</translation>
    </message>
    <message>
        <source>no frame</source>
        <translation>kein Einzelbild</translation>
    </message>
    <message>
        <source>no key chosen</source>
        <translation>kein Schlüssel gewählt</translation>
    </message>
    <message>
        <source>no lag within {most} ms fits better than chance ({peak} against {chance})</source>
        <translation>kein Versatz innerhalb von {most} ms passt besser als der Zufall ({peak} gegen {chance})</translation>
    </message>
    <message>
        <source>no manipulation indicated</source>
        <translation>kein Hinweis auf Manipulation</translation>
    </message>
    <message>
        <source>no picture</source>
        <translation>kein Bild</translation>
    </message>
    <message>
        <source>no probability</source>
        <translation>keine Wahrscheinlichkeit</translation>
    </message>
    <message>
        <source>no scale for this face</source>
        <translation>kein Maßstab für dieses Gesicht</translation>
    </message>
    <message>
        <source>no support for either side</source>
        <translation>spricht für keine Seite</translation>
    </message>
    <message>
        <source>no video</source>
        <translation>kein Video</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message>
        <source>none could be set: always inconclusive</source>
        <translation>keine ließen sich setzen: immer nicht eindeutig</translation>
    </message>
    <message>
        <source>none installed</source>
        <translation>keine installiert</translation>
    </message>
    <message>
        <source>none: the same parts in the same order, and the same tags</source>
        <translation>keiner: dieselben Teile in derselben Reihenfolge und dieselben Tags</translation>
    </message>
    <message>
        <source>not analysed</source>
        <translation>nicht analysiert</translation>
    </message>
    <message>
        <source>not checked yet</source>
        <translation>noch nicht geprüft</translation>
    </message>
    <message>
        <source>not counted: under {rate:.0f} frames/s</source>
        <translation>nicht gezählt: unter {rate:.0f} Bilder/s</translation>
    </message>
    <message>
        <source>not in this frame</source>
        <translation>nicht in diesem Einzelbild</translation>
    </message>
    <message>
        <source>not measured</source>
        <translation>nicht gemessen</translation>
    </message>
    <message>
        <source>not present</source>
        <translation>nicht vorhanden</translation>
    </message>
    <message>
        <source>not read</source>
        <translation>nicht gelesen</translation>
    </message>
    <message>
        <source>not scored</source>
        <translation>nicht bewertet</translation>
    </message>
    <message>
        <source>not scored: {reason}</source>
        <translation>nicht bewertet: {reason}</translation>
    </message>
    <message>
        <source>not seen by the deep look</source>
        <translation>von der Tiefenprüfung nicht gesehen</translation>
    </message>
    <message>
        <source>not set</source>
        <translation>nicht gesetzt</translation>
    </message>
    <message>
        <source>note</source>
        <translation>Notiz</translation>
    </message>
    <message>
        <source>note by {author}: {text}</source>
        <translation>Notiz von {author}: {text}</translation>
    </message>
    <message>
        <source>nothing is marked here</source>
        <translation>hier ist nichts markiert</translation>
    </message>
    <message>
        <source>number {row} of {count}</source>
        <translation>Nummer {row} von {count}</translation>
    </message>
    <message>
        <source>observations with usual causes: see the File tab</source>
        <translation>Beobachtungen mit üblichen Ursachen: siehe Reiter „Datei“</translation>
    </message>
    <message>
        <source>observed stretches</source>
        <translation>beobachtete Stellen</translation>
    </message>
    <message>
        <source>off</source>
        <translation>aus</translation>
    </message>
    <message>
        <source>opening a clip</source>
        <translation>Öffnen eines Clips</translation>
    </message>
    <message>
        <source>opening a file</source>
        <translation>Öffnen einer Datei</translation>
    </message>
    <message>
        <source>opening the key</source>
        <translation>Öffnen des Schlüssels</translation>
    </message>
    <message>
        <source>packet size</source>
        <translation>Paketgröße</translation>
    </message>
    <message>
        <source>page</source>
        <translation>Seite</translation>
    </message>
    <message>
        <source>partly analysed</source>
        <translation>teilweise analysiert</translation>
    </message>
    <message>
        <source>partly generated or edited by AI</source>
        <translation>teilweise von KI erzeugt oder bearbeitet</translation>
    </message>
    <message>
        <source>picture damaged</source>
        <translation>Bild beschädigt</translation>
    </message>
    <message>
        <source>pictures are missing next to damaged ones</source>
        <translation>neben beschädigten Bildern fehlen Bilder</translation>
    </message>
    <message>
        <source>pictures retouched by hand, and faces altered by make-up or masks</source>
        <translation>von Hand retuschierte Bilder und durch Make-up oder Masken veränderte Gesichter</translation>
    </message>
    <message>
        <source>pictures that later ones may refer to are missing here, by the numbers of the coding</source>
        <translation>hier fehlen nach den Nummern der Kodierung Bilder, auf die sich spätere beziehen können</translation>
    </message>
    <message>
        <source>pitch</source>
        <translation>Nicken</translation>
    </message>
    <message>
        <source>pixel format {after} (was {before})</source>
        <translation>Pixelformat {after} (zuvor {before})</translation>
    </message>
    <message>
        <source>place in group</source>
        <translation>Platz in der Gruppe</translation>
    </message>
    <message>
        <source>playing the sound</source>
        <translation>Abspielen des Tons</translation>
    </message>
    <message>
        <source>points</source>
        <translation>Punkte</translation>
    </message>
    <message>
        <source>preparing a report</source>
        <translation>Vorbereiten eines Berichts</translation>
    </message>
    <message>
        <source>primaries</source>
        <translation>Primärfarben</translation>
    </message>
    <message>
        <source>private session</source>
        <translation>private Sitzung</translation>
    </message>
    <message>
        <source>probability {value}</source>
        <translation>Wahrscheinlichkeit {value}</translation>
    </message>
    <message>
        <source>progressive</source>
        <translation>progressiv</translation>
    </message>
    <message>
        <source>pts {pts} ({seconds} s), shown as frame {index} at {at} s</source>
        <translation>pts {pts} ({seconds} s), gezeigt als Bild {index} bei {at} s</translation>
    </message>
    <message>
        <source>quantiser</source>
        <translation>Quantisierer</translation>
    </message>
    <message>
        <source>queued</source>
        <translation>wartet</translation>
    </message>
    <message>
        <source>radius</source>
        <translation>Radius</translation>
    </message>
    <message>
        <source>range</source>
        <translation>Wertebereich</translation>
    </message>
    <message>
        <source>range {after} (was {before})</source>
        <translation>Wertebereich {after} (zuvor {before})</translation>
    </message>
    <message>
        <source>ratio</source>
        <translation>Verhältnis</translation>
    </message>
    <message>
        <source>reading Content Credentials</source>
        <translation>Lesen der Content Credentials</translation>
    </message>
    <message>
        <source>reading answers of the analysis process</source>
        <translation>Lesen der Antworten des Analyseprozesses</translation>
    </message>
    <message>
        <source>reading failed: {cause}</source>
        <translation>das Lesen ist fehlgeschlagen: {cause}</translation>
    </message>
    <message>
        <source>reading requests</source>
        <translation>Lesen der Anforderungen</translation>
    </message>
    <message>
        <source>reading the answers of the player&apos;s process</source>
        <translation>Lesen der Antworten des Wiedergabeprozesses</translation>
    </message>
    <message>
        <source>reading the file stopped here: {cause}</source>
        <translation>das Lesen der Datei endete hier: {cause}</translation>
    </message>
    <message>
        <source>reading the index of the clip … {percent} %</source>
        <translation>Index des Clips wird gelesen … {percent} %</translation>
    </message>
    <message>
        <source>reading the output of the analysis process</source>
        <translation>Lesen der Ausgabe des Analyseprozesses</translation>
    </message>
    <message>
        <source>reading the sound</source>
        <translation>Lesen des Tons</translation>
    </message>
    <message>
        <source>reading the structure of the file</source>
        <translation>Lesen des Aufbaus der Datei</translation>
    </message>
    <message>
        <source>reading took too long</source>
        <translation>das Lesen dauerte zu lange</translation>
    </message>
    <message>
        <source>reading what {name} says about itself</source>
        <translation>Lesen dessen, was {name} über sich aussagt</translation>
    </message>
    <message>
        <source>replaced by another one</source>
        <translation>durch ein anderes ersetzt</translation>
    </message>
    <message>
        <source>reporting the end of the player&apos;s process</source>
        <translation>Melden des Endes des Wiedergabeprozesses</translation>
    </message>
    <message>
        <source>reporting what is done</source>
        <translation>Melden des Fortschritts</translation>
    </message>
    <message>
        <source>roll</source>
        <translation>Rollen</translation>
    </message>
    <message>
        <source>rotated {angle}°</source>
        <translation>um {angle}° gedreht</translation>
    </message>
    <message>
        <source>rotation {what} (was {made})</source>
        <translation>Drehung {what} (zuvor {made})</translation>
    </message>
    <message>
        <source>running the picture worker</source>
        <translation>Ausführen der Bildaufträge</translation>
    </message>
    <message>
        <source>running the prefetch thread</source>
        <translation>Vorausladen von Einzelbildern</translation>
    </message>
    <message>
        <source>running the thread of the sound</source>
        <translation>Abspielen des Tons im Hintergrund</translation>
    </message>
    <message>
        <source>running the thread of the thumbnails</source>
        <translation>Erstellen der Vorschaubilder</translation>
    </message>
    <message>
        <source>running the viewer thread</source>
        <translation>Anzeigen von Einzelbildern</translation>
    </message>
    <message numerus="yes">
        <source>running: %n frames</source>
        <comment>running: %n frame</comment>
        <translation>
            <numerusform>läuft: %n Einzelbild</numerusform>
            <numerusform>läuft: %n Einzelbilder</numerusform>
        </translation>
    </message>
    <message>
        <source>running: loading the detector</source>
        <translation>läuft: Detektor wird geladen</translation>
    </message>
    <message>
        <source>running: {percent} %</source>
        <translation>läuft: {percent} %</translation>
    </message>
    <message>
        <source>sample aspect ratio {after} (was {before})</source>
        <translation>Pixelverhältnis {after} (zuvor {before})</translation>
    </message>
    <message>
        <source>saving a picture</source>
        <translation>Speichern eines Bilds</translation>
    </message>
    <message>
        <source>saving the case</source>
        <translation>Speichern des Falls</translation>
    </message>
    <message>
        <source>scanning {what} (was {made})</source>
        <translation>Abtastverfahren {what} (zuvor {made})</translation>
    </message>
    <message>
        <source>seam: time stamps not continuous</source>
        <translation>Nahtstelle: Zeitstempel nicht fortlaufend</translation>
    </message>
    <message>
        <source>seam: {reason}</source>
        <translation>Nahtstelle: {reason}</translation>
    </message>
    <message>
        <source>segment of high probability</source>
        <translation>Abschnitt hoher Wahrscheinlichkeit</translation>
    </message>
    <message>
        <source>segment, mean probability {mean}, peak {peak}</source>
        <translation>Abschnitt, mittlere Wahrscheinlichkeit {mean}, Höchstwert {peak}</translation>
    </message>
    <message>
        <source>sent an invalid message ({cause})</source>
        <translation>ungültige Nachricht ({cause})</translation>
    </message>
    <message>
        <source>sent no message for {limit} s</source>
        <translation>seit {limit} s keine Meldung</translation>
    </message>
    <message>
        <source>serving requests</source>
        <translation>Bearbeiten von Anforderungen</translation>
    </message>
    <message>
        <source>serving the viewer</source>
        <translation>Bedienen der Anzeige</translation>
    </message>
    <message>
        <source>serving the window</source>
        <translation>Bedienen des Fensters</translation>
    </message>
    <message>
        <source>sharpness</source>
        <translation>Schärfe</translation>
    </message>
    <message>
        <source>shot begins</source>
        <translation>Einstellung beginnt</translation>
    </message>
    <message>
        <source>showing a frame</source>
        <translation>Anzeigen eines Einzelbilds</translation>
    </message>
    <message>
        <source>silence</source>
        <translation>Stille</translation>
    </message>
    <message>
        <source>size {after} (was {before})</source>
        <translation>Größe {after} (zuvor {before})</translation>
    </message>
    <message>
        <source>smoothed</source>
        <translation>geglättet</translation>
    </message>
    <message>
        <source>smoothed frame probability of {segment:.2f} or more</source>
        <translation>geglättete Bildwahrscheinlichkeit von {segment:.2f} oder mehr</translation>
    </message>
    <message>
        <source>sound</source>
        <translation>Ton</translation>
    </message>
    <message>
        <source>sound but no pictures</source>
        <translation>Ton, aber keine Bilder</translation>
    </message>
    <message>
        <source>sound cannot be decoded</source>
        <translation>Ton nicht dekodierbar</translation>
    </message>
    <message>
        <source>sound off after an error of the program</source>
        <translation>Ton aus nach einem Programmfehler</translation>
    </message>
    <message>
        <source>spectrogram</source>
        <translation>Spektrogramm</translation>
    </message>
    <message>
        <source>spread, 1 σ</source>
        <translation>Streuung, 1 σ</translation>
    </message>
    <message>
        <source>square</source>
        <translation>quadratisch</translation>
    </message>
    <message>
        <source>still</source>
        <translation>Standbild</translation>
    </message>
    <message>
        <source>still picture</source>
        <translation>Standbild</translation>
    </message>
    <message>
        <source>stills of 16 groups of sources (13 with originals, 9 with fakes), by the sibling networks that did not learn them</source>
        <translation>Standbilder aus 16 Quellengruppen (13 mit Originalen, 9 mit Fälschungen), durch die Schwesternetze, die sie nicht gelernt haben</translation>
    </message>
    <message>
        <source>stopping …</source>
        <translation>hält an …</translation>
    </message>
    <message>
        <source>stored size {what} (was {made})</source>
        <translation>gespeicherte Größe {what} (zuvor {made})</translation>
    </message>
    <message>
        <source>stream {number}: {kind}</source>
        <translation>Stream {number}: {kind}</translation>
    </message>
    <message>
        <source>strong support against manipulation</source>
        <translation>spricht stark gegen Manipulation</translation>
    </message>
    <message>
        <source>strong support for manipulation</source>
        <translation>spricht stark für Manipulation</translation>
    </message>
    <message>
        <source>system</source>
        <translation>System</translation>
    </message>
    <message>
        <source>the SHA-256 or size of an exhibit is none</source>
        <translation>SHA-256 oder Größe eines Beweisstücks ist ungültig</translation>
    </message>
    <message>
        <source>the check cannot tell what this area adds</source>
        <translation>die Probe kann nicht sagen, was dieser Bereich beiträgt</translation>
    </message>
    <message>
        <source>the clip has no such frame</source>
        <translation>der Clip hat kein solches Einzelbild</translation>
    </message>
    <message>
        <source>the clock of the time stamps wraps around after {bits} bits</source>
        <translation>die Uhr der Zeitstempel beginnt nach {bits} Bit von vorn</translation>
    </message>
    <message>
        <source>the crop that is scored</source>
        <translation>was bewertet wird</translation>
    </message>
    <message>
        <source>the decoder gave no picture here</source>
        <translation>der Decoder lieferte hier kein Bild</translation>
    </message>
    <message>
        <source>the decoder returned no picture</source>
        <translation>der Decoder lieferte kein Bild</translation>
    </message>
    <message>
        <source>the decoder returned no picture in time</source>
        <translation>der Decoder lieferte kein Bild rechtzeitig</translation>
    </message>
    <message>
        <source>the examiner</source>
        <translation>Prüfer/in</translation>
    </message>
    <message>
        <source>the file</source>
        <translation>die Datei</translation>
    </message>
    <message>
        <source>the file breaks off after {stored} of {declared} declared pictures</source>
        <translation>die Datei bricht nach {stored} von {declared} angegebenen Bildern ab</translation>
    </message>
    <message>
        <source>the file breaks off before its declared end</source>
        <translation>die Datei bricht vor ihrem angegebenen Ende ab</translation>
    </message>
    <message>
        <source>the file breaks off within a packet; how much is missing is not known</source>
        <translation>die Datei bricht innerhalb eines Pakets ab; wie viel fehlt, ist nicht bekannt</translation>
    </message>
    <message>
        <source>the file breaks off {count} bytes before its declared end</source>
        <translation>die Datei bricht {count} Bytes vor ihrem angegebenen Ende ab</translation>
    </message>
    <message>
        <source>the file is {count} bytes shorter than it declares, though its end is there</source>
        <translation>die Datei ist {count} Bytes kürzer als angegeben, obwohl ihr Ende da ist</translation>
    </message>
    <message>
        <source>the frames of an earlier coding shift</source>
        <translation>die Frames einer früheren Codierung verschieben sich</translation>
    </message>
    <message>
        <source>the last {count} bytes of the file could not be read</source>
        <translation>die letzten {count} Bytes der Datei konnten nicht gelesen werden</translation>
    </message>
    <message>
        <source>the last {count} bytes of the file, from byte {place} on, are zeros, as where a file was not written or not copied to its end</source>
        <translation>die letzten {count} Bytes der Datei, ab Byte {place}, sind Nullen, wie bei einer Datei, die nicht bis zum Ende geschrieben oder kopiert wurde</translation>
    </message>
    <message>
        <source>the last {count} pictures of the file&apos;s index could not be read</source>
        <translation>die letzten {count} Bilder aus dem Index der Datei konnten nicht gelesen werden</translation>
    </message>
    <message>
        <source>the mean of 2 networks: low-rank updates of clip-vit-b16, a linear classifier on intermediate blocks of clip-vit-b16, 224 px</source>
        <translation>der Mittelwert zweier Netze: Low-Rank-Anpassungen von clip-vit-b16 und ein linearer Klassifikator auf mittleren Blöcken von clip-vit-b16, 224 px</translation>
    </message>
    <message>
        <source>the mean of 3 networks: mobilenetv2_100, high_pass of mobilenetv2_100, close_look of mobilenetv2_100</source>
        <translation>der Mittelwert dreier Netze: mobilenetv2_100, high_pass von mobilenetv2_100, close_look von mobilenetv2_100</translation>
    </message>
    <message>
        <source>the mouth hardly moves</source>
        <translation>der Mund bewegt sich kaum</translation>
    </message>
    <message>
        <source>the mouth is seen for less than {least} s while there is sound</source>
        <translation>der Mund ist weniger als {least} s zu sehen, während Ton da ist</translation>
    </message>
    <message>
        <source>the one analysed</source>
        <translation>die analysierte</translation>
    </message>
    <message>
        <source>the other {count}</source>
        <translation>die übrigen {count}</translation>
    </message>
    <message>
        <source>the phase of the hum jumps</source>
        <translation>die Phase des Brummens springt</translation>
    </message>
    <message>
        <source>the pictures end before the declared end of the file</source>
        <translation>die Bilder enden vor dem angegebenen Ende der Datei</translation>
    </message>
    <message>
        <source>the public key is no PEM file</source>
        <translation>der öffentliche Schlüssel ist keine PEM-Datei</translation>
    </message>
    <message>
        <source>the public key is not an Ed25519 key</source>
        <translation>der öffentliche Schlüssel ist kein Ed25519-Schlüssel</translation>
    </message>
    <message>
        <source>the rule&apos;s {false_positives}</source>
        <translation>nach der Regel {false_positives}</translation>
    </message>
    <message>
        <source>the rule&apos;s {false_positives} and {missed}</source>
        <translation>nach der Regel {false_positives} und {missed}</translation>
    </message>
    <message>
        <source>the rule&apos;s {missed}</source>
        <translation>nach der Regel {missed}</translation>
    </message>
    <message>
        <source>the same</source>
        <translation>dieselbe</translation>
    </message>
    <message>
        <source>the sampling changes</source>
        <translation>die Abtastung wechselt</translation>
    </message>
    <message>
        <source>the score rises without this area</source>
        <translation>der Wert steigt ohne diesen Bereich</translation>
    </message>
    <message>
        <source>the signature is not of this manifest by the key in examiner.pem</source>
        <translation>die Signatur wurde nicht mit dem Schlüssel in examiner.pem für dieses Manifest erstellt</translation>
    </message>
    <message>
        <source>the test of mild changes of the picture: with it fewer faces are called</source>
        <translation>die Probe mit leichten Änderungen des Bildes: mit ihr werden weniger Gesichter gemeldet</translation>
    </message>
    <message>
        <source>the time stamps go back by {seconds} s</source>
        <translation>die Zeitstempel springen um {seconds} s zurück</translation>
    </message>
    <message>
        <source>the time stamps jump</source>
        <translation>die Zeitstempel springen</translation>
    </message>
    <message>
        <source>the time stamps jump ahead by {seconds} s</source>
        <translation>die Zeitstempel springen um {seconds} s voraus</translation>
    </message>
    <message>
        <source>the time stamps jump ahead by {seconds} s, with no sign of lost data</source>
        <translation>die Zeitstempel springen um {seconds} s voraus, ohne Anzeichen für verlorene Daten</translation>
    </message>
    <message>
        <source>the transport stream&apos;s packet counters break</source>
        <translation>die Paketzähler des Transportstroms sind unterbrochen</translation>
    </message>
    <message>
        <source>this area matters less than others</source>
        <translation>dieser Bereich zählt weniger als andere</translation>
    </message>
    <message>
        <source>this area matters more than others</source>
        <translation>dieser Bereich zählt mehr als andere</translation>
    </message>
    <message>
        <source>this area matters no more than others</source>
        <translation>dieser Bereich zählt nicht mehr als andere</translation>
    </message>
    <message>
        <source>this face is not in this frame</source>
        <translation>dieses Gesicht ist nicht in diesem Einzelbild</translation>
    </message>
    <message>
        <source>this session has none</source>
        <translation>diese Sitzung hat keinen</translation>
    </message>
    <message>
        <source>this system has none</source>
        <translation>dieses System hat keinen</translation>
    </message>
    <message>
        <source>thumbnails</source>
        <translation>Vorschaubilder</translation>
    </message>
    <message>
        <source>tone-mapped to standard range for display and scoring</source>
        <translation>für Anzeige und Bewertung auf Standardumfang abgebildet</translation>
    </message>
    <message>
        <source>too few frames show the mouth while there is sound</source>
        <translation>zu wenige Einzelbilder zeigen den Mund, während Ton da ist</translation>
    </message>
    <message>
        <source>track of a clip</source>
        <translation>Gesichtsspur eines Clips</translation>
    </message>
    <message>
        <source>track or still, fast network alone</source>
        <translation>Gesichtsspur oder Standbild, nur schnelles Netz</translation>
    </message>
    <message>
        <source>track probability of {high:.2f} or more</source>
        <translation>Wahrscheinlichkeit der Gesichtsspur von {high:.2f} oder mehr</translation>
    </message>
    <message>
        <source>tracks and stills together, shipped weights</source>
        <translation>Gesichtsspuren und Standbilder zusammen, ausgelieferte Gewichte</translation>
    </message>
    <message>
        <source>transfer curve</source>
        <translation>Übertragungskurve</translation>
    </message>
    <message>
        <source>transfer curve {after} (was {before})</source>
        <translation>Übertragungskurve {after} (zuvor {before})</translation>
    </message>
    <message>
        <source>two exhibits in it share a number or an analysis file</source>
        <translation>zwei Beweisstücke darin haben dieselbe Nummer oder Analysedatei</translation>
    </message>
    <message>
        <source>unchanged area</source>
        <translation>unveränderte Fläche</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>unbekannt</translation>
    </message>
    <message>
        <source>unnamed</source>
        <translation>ohne Namen</translation>
    </message>
    <message>
        <source>up to {largest:.3g} here</source>
        <translation>bis {largest:.3g} hier</translation>
    </message>
    <message>
        <source>upper limit {value}</source>
        <translation>obere Grenze {value}</translation>
    </message>
    <message>
        <source>variable</source>
        <translation>variabel</translation>
    </message>
    <message>
        <source>video</source>
        <translation>Video</translation>
    </message>
    <message>
        <source>video behind the picture</source>
        <translation>Video hinter dem Bild</translation>
    </message>
    <message>
        <source>video of a further file behind this one</source>
        <translation>Video einer weiteren Datei hinter dieser</translation>
    </message>
    <message>
        <source>voice and silence</source>
        <translation>Stimme und Stille</translation>
    </message>
    <message>
        <source>watching the player&apos;s process</source>
        <translation>Überwachen des Wiedergabeprozesses</translation>
    </message>
    <message>
        <source>weak support against manipulation</source>
        <translation>spricht schwach gegen Manipulation</translation>
    </message>
    <message>
        <source>weak support for manipulation</source>
        <translation>spricht schwach für Manipulation</translation>
    </message>
    <message>
        <source>what is stored before the file&apos;s first keyframe, or refers to pictures before it, cannot be decoded</source>
        <translation>was vor dem ersten Schlüsselbild der Datei gespeichert ist oder auf Bilder davor verweist, kann nicht dekodiert werden</translation>
    </message>
    <message>
        <source>what refers to pictures before the first keyframe of the recording that begins here cannot be decoded</source>
        <translation>was auf Bilder vor dem ersten Schlüsselbild der hier beginnenden Aufnahme verweist, kann nicht dekodiert werden</translation>
    </message>
    <message>
        <source>white</source>
        <translation>Weiß</translation>
    </message>
    <message>
        <source>whole clip</source>
        <translation>ganzer Clip</translation>
    </message>
    <message>
        <source>whole tracks between {low:.2f} and {high:.2f} are inconclusive</source>
        <translation>ganze Gesichtsspuren zwischen {low:.2f} und {high:.2f} sind nicht eindeutig</translation>
    </message>
    <message>
        <source>writing the report into {folder}</source>
        <translation>Schreiben des Berichts nach {folder}</translation>
    </message>
    <message>
        <source>yaw</source>
        <translation>Drehung</translation>
    </message>
    <message>
        <source>yes (not scored)</source>
        <translation>ja (nicht bewertet)</translation>
    </message>
    <message>
        <source>{action}: key</source>
        <translation>{action}: Taste</translation>
    </message>
    <message>
        <source>{action}: second key</source>
        <translation>{action}: zweite Taste</translation>
    </message>
    <message>
        <source>{angle}° mirrored</source>
        <translation>{angle}° gespiegelt</translation>
    </message>
    <message>
        <source>{beside} is a link, pipe or folder, which SQLite would open; remove it.</source>
        <translation>{beside} ist eine Verknüpfung, eine Pipe oder ein Ordner, und SQLite würde das öffnen; entfernen Sie es.</translation>
    </message>
    <message>
        <source>{card_path} is not a valid model card ({cause}); export or copy the bundle again.</source>
        <translation>{card_path} ist keine gültige Modellkarte ({cause}); exportieren oder kopieren Sie das Modellpaket erneut.</translation>
    </message>
    <message>
        <source>{card_path} is too large for a model card; export or copy the bundle again.</source>
        <translation>{card_path} ist für eine Modellkarte zu groß; exportieren oder kopieren Sie das Modellpaket erneut.</translation>
    </message>
    <message>
        <source>{clip_path} was altered since it was opened (its SHA-256 differs); put the original back, or open this file again.</source>
        <translation>{clip_path} wurde seit dem Öffnen verändert (die SHA-256 weicht ab); stellen Sie das Original wieder her, oder öffnen Sie diese Datei erneut.</translation>
    </message>
    <message>
        <source>{codec}, {pix_fmt}, {bit_depth} bit</source>
        <translation>{codec}, {pix_fmt}, {bit_depth} Bit</translation>
    </message>
    <message>
        <source>{count} bytes are missing in the file here, by its index</source>
        <translation>hier fehlen laut Index der Datei {count} Bytes</translation>
    </message>
    <message>
        <source>{count} bytes of the file are damaged and could not be read</source>
        <translation>{count} Bytes der Datei sind beschädigt und konnten nicht gelesen werden</translation>
    </message>
    <message>
        <source>{count} fragments are missing in the file, by the fragments&apos; numbers</source>
        <translation>laut den Nummern der Fragmente fehlen {count} Fragmente in der Datei</translation>
    </message>
    <message>
        <source>{count} in {seconds:.1f} s</source>
        <translation>{count} in {seconds:.1f} s</translation>
    </message>
    <message>
        <source>{count} pictures are stored with another codec ({codec}) than the track&apos;s first and cannot be decoded</source>
        <translation>{count} Bilder sind mit einem anderen Codec ({codec}) gespeichert als das erste der Spur und können nicht dekodiert werden</translation>
    </message>
    <message>
        <source>{count} pictures are stored with another codec ({codec}) than the track&apos;s first and cannot be decoded here</source>
        <translation>hier sind {count} Bilder mit einem anderen Codec ({codec}) gespeichert als das erste der Spur und können nicht dekodiert werden</translation>
    </message>
    <message>
        <source>{count} pictures have no time stamp; the times follow from the neighbours.</source>
        <translation>{count} Bilder haben keinen Zeitstempel; die Zeiten ergeben sich aus den Nachbarn.</translation>
    </message>
    <message>
        <source>{count} pictures have time stamps before 0, from {first} s on. FFmpeg reads no time stamp there, and players may show such pictures at other times or not at all.</source>
        <translation>{count} Bilder haben Zeitstempel vor 0, ab {first} s. FFmpeg liest dort keine Zeitstempel, und Abspielprogramme zeigen solche Bilder unter Umständen zu anderen Zeiten oder gar nicht.</translation>
    </message>
    <message>
        <source>{count} pictures of the file&apos;s index could not be read</source>
        <translation>{count} Bilder aus dem Index der Datei konnten nicht gelesen werden</translation>
    </message>
    <message>
        <source>{count} time stamps repeat or lie far from the neighbours&apos;: {places}.</source>
        <translation>{count} Zeitstempel wiederholen sich oder liegen weit von denen der Nachbarn: {places}.</translation>
    </message>
    <message>
        <source>{count} x {bits} bits, floating-point numbers</source>
        <translation>{count} x {bits} Bit, Gleitkommazahlen</translation>
    </message>
    <message>
        <source>{count} x {bits} bits, unsigned integers</source>
        <translation>{count} x {bits} Bit, ganze Zahlen ohne Vorzeichen</translation>
    </message>
    <message>
        <source>{count} x {bits} bits, unsigned integers, each in a plane of its own</source>
        <translation>{count} x {bits} Bit, ganze Zahlen ohne Vorzeichen, jeweils in einer eigenen Ebene</translation>
    </message>
    <message>
        <source>{damaged} packets of the sound cannot be decoded.</source>
        <translation>{damaged} Pakete des Tons lassen sich nicht dekodieren.</translation>
    </message>
    <message>
        <source>{deep} by the deep look</source>
        <translation>{deep} nach Tiefenprüfung</translation>
    </message>
    <message>
        <source>{doing} failed ({cause})</source>
        <translation>{doing}: gescheitert ({cause})</translation>
    </message>
    <message>
        <source>{doing} failed ({cause}: {filename})</source>
        <translation>{doing}: gescheitert ({cause}: {filename})</translation>
    </message>
    <message>
        <source>{done} of {count} exhibits are analysed.{rest}</source>
        <translation>{done} von {count} Beweisstücken sind analysiert.{rest}</translation>
    </message>
    <message>
        <source>{done} of {total}</source>
        <translation>{done} von {total}</translation>
    </message>
    <message numerus="yes">
        <source>{duration:.0f} ms, %n frames</source>
        <comment>{duration:.0f} ms, %n frame</comment>
        <translation>
            <numerusform>{duration:.0f} ms, %n Einzelbild</numerusform>
            <numerusform>{duration:.0f} ms, %n Einzelbilder</numerusform>
        </translation>
    </message>
    <message>
        <source>{face} is not in this frame</source>
        <translation>{face} ist nicht in diesem Einzelbild</translation>
    </message>
    <message>
        <source>{face} · frame {index}</source>
        <translation>{face} · Bild {index}</translation>
    </message>
    <message>
        <source>{face}: likelihood ratio {ratio}</source>
        <translation>{face}: Likelihood-Quotient {ratio}</translation>
    </message>
    <message>
        <source>{face}: {value} lies below the upper limit {high}; no lower limit could be set, so no conclusion is drawn.</source>
        <translation>{face}: {value} liegt unter der oberen Grenze {high}; eine untere Grenze ließ sich nicht festlegen, daher wird kein Schluss gezogen.</translation>
    </message>
    <message>
        <source>{face}: {value} lies between the limits {low} and {high}, where errors are too frequent to conclude.</source>
        <translation>{face}: {value} liegt zwischen den Grenzen {low} und {high}, wo Fehler für einen Schluss zu häufig sind.</translation>
    </message>
    <message>
        <source>{face}: {value} lies between the limits {low} and {high}, where errors are too frequent to conclude. Examine what stands out: {when}.</source>
        <translation>{face}: {value} liegt zwischen den Grenzen {low} und {high}, wo Fehler für einen Schluss zu häufig sind. Untersuchen Sie, was auffällt: {when}.</translation>
    </message>
    <message>
        <source>{failed}; check the disk and the permissions, and try again. {where}</source>
        <translation>{failed}; prüfen Sie Datenträger und Rechte, und versuchen Sie es erneut. {where}</translation>
    </message>
    <message>
        <source>{folder} cannot be made ({cause}); choose another folder for the case.</source>
        <translation>{folder} lässt sich nicht anlegen ({cause}); wählen Sie einen anderen Ordner für den Fall.</translation>
    </message>
    <message>
        <source>{folder} cannot be written to ({cause}); check its permissions and the free space there.</source>
        <translation>In {folder} lässt sich nicht schreiben ({cause}); prüfen Sie dort die Rechte und den freien Platz.</translation>
    </message>
    <message>
        <source>{folder} does not score as its card states: the crop of noise gets a logit of {logit} instead of {stated}; copy the bundle again, and run inspector selftest to check this installation.</source>
        <translation>{folder} bewertet nicht, wie seine Modellkarte angibt: Der Rauschausschnitt erhält den Logit {logit} statt {stated}; kopieren Sie das Modellpaket erneut, und prüfen Sie diese Installation mit inspector selftest.</translation>
    </message>
    <message>
        <source>{folder} holds a case already; open it, or choose another folder.</source>
        <translation>{folder} enthält schon einen Fall; öffnen Sie ihn, oder wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <source>{found}, maybe up to {most}</source>
        <translation>{found} (vielleicht bis zu {most})</translation>
    </message>
    <message>
        <source>{frames} in the stream, none declared</source>
        <translation>{frames} im Stream, keine angegeben</translation>
    </message>
    <message>
        <source>{frames} in the stream, {declared} declared</source>
        <translation>{frames} im Stream, {declared} angegeben</translation>
    </message>
    <message>
        <source>{key} is used by {actions}.</source>
        <translation>{key} ist belegt durch {actions}.</translation>
    </message>
    <message>
        <source>{kind} {rate} ({counted}, 95 % interval {low} to {high})</source>
        <translation>{kind} {rate} ({counted}, 95-%-Intervall {low} bis {high})</translation>
    </message>
    <message>
        <source>{label}: the previous frame has another size</source>
        <translation>{label}: Das vorige Einzelbild hat eine andere Größe</translation>
    </message>
    <message>
        <source>{label}: there is no previous frame to compare with</source>
        <translation>{label}: Es gibt kein voriges Einzelbild zum Vergleichen</translation>
    </message>
    <message>
        <source>{left} beside {right}</source>
        <translation>{left} neben {right}</translation>
    </message>
    <message>
        <source>{low:g} to {high:g}</source>
        <translation>{low:g} bis {high:g}</translation>
    </message>
    <message>
        <source>{method}, face&apos;s scale</source>
        <translation>{method}, Maßstab des Gesichts</translation>
    </message>
    <message>
        <source>{n_real} unmanipulated, {n_fake} manipulated; {licence}</source>
        <translation>{n_real} unmanipuliert, {n_fake} manipuliert; {licence}</translation>
    </message>
    <message>
        <source>{named} and {count} more</source>
        <translation>{named} und {count} weitere</translation>
    </message>
    <message>
        <source>{name} breaks off: it has {size} bytes and declares at least {declared}; copy it again from its source.</source>
        <translation>{name} bricht ab: die Datei hat {size} Byte und gibt mindestens {declared} an; kopieren Sie sie erneut von ihrer Quelle.</translation>
    </message>
    <message>
        <source>{name} cannot be accessed; ask for permission to read {parent}.</source>
        <translation>Auf {name} besteht kein Zugriff; bitten Sie um Leserechte für {parent}.</translation>
    </message>
    <message>
        <source>{name} cannot be checked: {wrong}.</source>
        <translation>{name} lässt sich nicht prüfen: {wrong}.</translation>
    </message>
    <message>
        <source>{name} cannot be copied for its analysis ({cause}); check the permissions, and the disks of the file and of {parent}.</source>
        <translation>{name} lässt sich für die Analyse nicht kopieren ({cause}); prüfen Sie die Rechte und die Datenträger der Datei und von {parent}.</translation>
    </message>
    <message>
        <source>{name} cannot be opened ({cause}); check the path.</source>
        <translation>{name} lässt sich nicht öffnen ({cause}); prüfen Sie den Pfad.</translation>
    </message>
    <message>
        <source>{name} cannot be opened ({cause}); choose another file.</source>
        <translation>{name} lässt sich nicht öffnen ({cause}); wählen Sie eine andere Datei.</translation>
    </message>
    <message>
        <source>{name} cannot be read ({cause}); check the disk or the permissions.</source>
        <translation>{name} lässt sich nicht lesen ({cause}); prüfen Sie den Datenträger oder die Rechte.</translation>
    </message>
    <message>
        <source>{name} cannot be read as a case file ({cause}).</source>
        <translation>{name} lässt sich nicht als Falldatei lesen ({cause}).</translation>
    </message>
    <message>
        <source>{name} cannot be read; ask for permission to read it or copy it.</source>
        <translation>{name} lässt sich nicht lesen; bitten Sie um Leserechte, oder kopieren Sie die Datei.</translation>
    </message>
    <message>
        <source>{name} could not be decoded.</source>
        <translation>{name} ließ sich nicht dekodieren.</translation>
    </message>
    <message>
        <source>{name} could not be opened within {open_seconds} s; check the disk.</source>
        <translation>{name} ließ sich nicht innerhalb von {open_seconds} s öffnen; prüfen Sie den Datenträger.</translation>
    </message>
    <message>
        <source>{name} declares no size for its pictures, or one above the limit of 64 Mpx; copy it again from its source, or scale it down first and say so in the notes.</source>
        <translation>{name} gibt für seine Bilder keine Größe an, oder eine über der Grenze von 64 Mpx; kopieren Sie die Datei erneut von ihrer Quelle, oder verkleinern Sie die Bilder zuerst und vermerken Sie das in den Notizen.</translation>
    </message>
    <message>
        <source>{name} declares pictures of {size} pixels in {bytes} bytes, which no camera writes and which would take a gigabyte of memory; scale it down first and say so in the notes.</source>
        <translation>{name} gibt Bilder mit {size} Pixeln in {bytes} Byte an, wie sie keine Kamera schreibt und die ein Gigabyte Arbeitsspeicher bräuchten; verkleinern Sie sie zuerst und vermerken Sie das in den Notizen.</translation>
    </message>
    <message>
        <source>{name} declares pictures of {size} pixels, above the limit of 64 Mpx; scale it down first and say so in the notes.</source>
        <translation>{name} gibt Bilder mit {size} Pixeln an, über der Grenze von 64 Mpx; verkleinern Sie sie zuerst und vermerken Sie das in den Notizen.</translation>
    </message>
    <message>
        <source>{name} does not exist; check the path {path}.</source>
        <translation>{name} gibt es nicht; prüfen Sie den Pfad {path}.</translation>
    </message>
    <message>
        <source>{name} has a name or folder that is not valid UTF-8; rename a copy of it.</source>
        <translation>{name} hat einen Namen oder Ordner, der kein gültiges UTF-8 ist; benennen Sie eine Kopie um.</translation>
    </message>
    <message>
        <source>{name} has an edit list of {entries} entries, for which its {stored} pictures or sounds would be read {read} times in all; take the edit list out of a copy (FFmpeg: -ignore_editlist 1 -i CLIP -c copy) and say so in the notes.</source>
        <translation>{name} hat eine Schnittliste (edit list) von {entries} Einträgen, für die ihre {stored} Bilder oder Töne insgesamt {read}-mal gelesen würden; nehmen Sie die Schnittliste aus einer Kopie heraus (FFmpeg: -ignore_editlist 1 -i CLIP -c copy) und vermerken Sie das in den Notizen.</translation>
    </message>
    <message>
        <source>{name} has more than {most_rows} rows</source>
        <translation>{name} hat mehr als {most_rows} Zeilen</translation>
    </message>
    <message>
        <source>{name} has no complete index, as an unfinished recording has; repair it or copy it again from its source.</source>
        <translation>{name} hat keinen vollständigen Index, wie eine abgebrochene Aufnahme; reparieren Sie die Datei, oder kopieren Sie sie erneut von ihrer Quelle.</translation>
    </message>
    <message>
        <source>{name} has no picture from {start} s on; change the start or end of the analysis.</source>
        <translation>{name} hat ab {start} s kein Bild; ändern Sie Anfang oder Ende der Analyse.</translation>
    </message>
    <message>
        <source>{name} has no picture from {start} s to {end} s; change the start or end of the analysis.</source>
        <translation>{name} hat von {start} s bis {end} s kein Bild; ändern Sie Anfang oder Ende der Analyse.</translation>
    </message>
    <message>
        <source>{name} holds no picture any more; copy it again from its source.</source>
        <translation>{name} enthält kein Bild mehr; kopieren Sie die Datei erneut von ihrer Quelle.</translation>
    </message>
    <message>
        <source>{name} holds no picture that can be decoded; copy it again from its source.</source>
        <translation>{name} enthält kein Bild, das sich dekodieren lässt; kopieren Sie die Datei erneut von ihrer Quelle.</translation>
    </message>
    <message>
        <source>{name} holds no picture that can be decoded; copy it again.</source>
        <translation>{name} enthält kein Bild, das sich dekodieren lässt; kopieren Sie die Datei erneut.</translation>
    </message>
    <message>
        <source>{name} holds no stream {number} of pictures; choose one of {numbers}.</source>
        <translation>{name} enthält keine Bildspur {number}; wählen Sie eine von {numbers}.</translation>
    </message>
    <message>
        <source>{name} holds no video; choose a file with video.</source>
        <translation>{name} enthält kein Video; wählen Sie eine Datei mit Video.</translation>
    </message>
    <message>
        <source>{name} holds other pictures too, which are not analysed ({streams}); choose them with --stream or in the Clip tab.</source>
        <translation>{name} enthält noch andere Bilder, die nicht analysiert werden ({streams}); wählen Sie sie mit --stream oder im Tab „Clip“.</translation>
    </message>
    <message>
        <source>{name} holds other pictures too, which are not analysed ({streams}; and {count} more); choose them with --stream or in the Clip tab.</source>
        <translation>{name} enthält noch andere Bilder, die nicht analysiert werden ({streams}; und {count} weitere); wählen Sie sie mit --stream oder im Tab „Clip“.</translation>
    </message>
    <message>
        <source>{name} holds text, not a clip; choose a video or picture file instead.</source>
        <translation>{name} enthält Text, keinen Clip; wählen Sie stattdessen eine Video- oder Bilddatei.</translation>
    </message>
    <message>
        <source>{name} holds {what}; choose a file with video.</source>
        <translation>{name} enthält {what}; wählen Sie eine Datei mit Video.</translation>
    </message>
    <message>
        <source>{name} is a HEIF file whose picture is coded as {codec}, which none of the program&apos;s libraries reads; save it as PNG or TIFF without changing its size or quality, and say so in the notes.</source>
        <translation>{name} ist eine HEIF-Datei, deren Bild als {codec} codiert ist, was keine der Bibliotheken des Programms liest; speichern Sie es ohne Änderung von Größe oder Qualität als PNG oder TIFF und vermerken Sie das in den Notizen.</translation>
    </message>
    <message>
        <source>{name} is a folder, not a clip; choose a file in it.</source>
        <translation>{name} ist ein Ordner, kein Clip; wählen Sie eine Datei darin.</translation>
    </message>
    <message>
        <source>{name} is a link to a file that is missing; restore the file.</source>
        <translation>{name} ist eine Verknüpfung mit einer Datei, die fehlt; stellen Sie die Datei wieder her.</translation>
    </message>
    <message>
        <source>{name} is a pipe, socket or device, not a file; save the clip to a file first.</source>
        <translation>{name} ist eine Pipe, ein Socket oder ein Gerät, keine Datei; speichern Sie den Clip zuerst in eine Datei.</translation>
    </message>
    <message>
        <source>{name} is a raw photograph, which this program does not develop: its embedded preview is not the picture; export it as TIFF or JPEG from a raw converter and say so in the notes.</source>
        <translation>{name} ist eine RAW-Aufnahme, die dieses Programm nicht entwickelt: Die eingebettete Vorschau ist nicht das Bild; exportieren Sie es aus einem RAW-Konverter als TIFF oder JPEG und vermerken Sie das in den Notizen.</translation>
    </message>
    <message>
        <source>{name} is a sound file without video, not a clip; choose a video or picture file instead.</source>
        <translation>{name} ist eine Tondatei ohne Video, kein Clip; wählen Sie stattdessen eine Video- oder Bilddatei.</translation>
    </message>
    <message>
        <source>{name} is a tar archive, not a clip; choose a video or picture file instead.</source>
        <translation>{name} ist ein tar-Archiv, kein Clip; wählen Sie stattdessen eine Video- oder Bilddatei.</translation>
    </message>
    <message>
        <source>{name} is already in the list, as exhibit {label}.</source>
        <translation>{name} steht schon in der Liste, als Beweisstück {label}.</translation>
    </message>
    <message>
        <source>{name} is an animation of {size} pixels, above the limit of 16 Mpx for animations; scale it down first and say so in the notes.</source>
        <translation>{name} ist eine Animation mit {size} Pixeln, über der Grenze von 16 Mpx für Animationen; verkleinern Sie sie zuerst und vermerken Sie das in den Notizen.</translation>
    </message>
    <message>
        <source>{name} is another file than {what} (its SHA-256 differs); choose the original.</source>
        <translation>{name} ist eine andere Datei als {what} (die SHA-256 weicht ab); wählen Sie das Original.</translation>
    </message>
    <message>
        <source>{name} is available again, unchanged.</source>
        <translation>{name} ist wieder vorhanden, unverändert.</translation>
    </message>
    <message>
        <source>{name} is damaged (its samples cannot be read); copy it again from its source.</source>
        <translation>{name} ist beschädigt (die Bildwerte lassen sich nicht lesen); kopieren Sie die Datei erneut von ihrer Quelle.</translation>
    </message>
    <message>
        <source>{name} is damaged ({reason}); copy it again from its source.</source>
        <translation>{name} ist beschädigt ({reason}); kopieren Sie die Datei erneut von ihrer Quelle.</translation>
    </message>
    <message>
        <source>{name} is empty (0 bytes); copy it again from its source.</source>
        <translation>{name} ist leer (0 Byte); kopieren Sie die Datei erneut von ihrer Quelle.</translation>
    </message>
    <message>
        <source>{name} is encrypted (copy-protected); ask its source for a copy without protection.</source>
        <translation>{name} ist verschlüsselt (kopiergeschützt); bitten Sie die Quelle um eine Kopie ohne Schutz.</translation>
    </message>
    <message>
        <source>{name} is forgotten.</source>
        <translation>{name} ist vergessen.</translation>
    </message>
    <message>
        <source>{name} is missing: it is not at {path}; choose its new location.</source>
        <translation>{name} fehlt: Die Datei liegt nicht unter {path}; wählen Sie ihren neuen Ort.</translation>
    </message>
    <message>
        <source>{name} is no longer in {parent}: restore it before you analyse it or write a report, or open it at its new path; its notes and its analysis are kept.</source>
        <translation>{name} ist nicht mehr in {parent}: Stellen Sie die Datei wieder her, bevor Sie sie analysieren oder einen Bericht schreiben, oder öffnen Sie sie an ihrem neuen Ort; Notizen und Analyse bleiben erhalten.</translation>
    </message>
    <message>
        <source>{name} is no name of a base network; use the bundle&apos;s own card.</source>
        <translation>{name} ist kein Name eines Basisnetzes; verwenden Sie die Modellkarte des Pakets.</translation>
    </message>
    <message>
        <source>{name} is not a readable picture; choose another file or copy it again.</source>
        <translation>{name} ist kein lesbares Bild; wählen Sie eine andere Datei, oder kopieren Sie diese erneut.</translation>
    </message>
    <message>
        <source>{name} is not a readable video or picture, but holds a JPEG picture from byte {start} on; cut that out into a file of its own and say so in the notes.</source>
        <translation>{name} ist kein lesbares Video oder Bild, enthält aber ab Byte {start} ein JPEG-Bild; schneiden Sie es in eine eigene Datei heraus und vermerken Sie das in den Notizen.</translation>
    </message>
    <message>
        <source>{name} is not a readable video or picture; choose another file or copy it again.</source>
        <translation>{name} ist kein lesbares Video oder Bild; wählen Sie eine andere Datei, oder kopieren Sie diese erneut.</translation>
    </message>
    <message>
        <source>{name} is one segment of a stream and lacks the stream&apos;s header; join it behind the first file of the stream.</source>
        <translation>{name} ist ein einzelnes Segment eines Streams, dem der Kopf des Streams fehlt; fügen Sie es an die erste Datei des Streams an.</translation>
    </message>
    <message>
        <source>{name} is still being written to; wait until it is complete.</source>
        <translation>{name} wird noch geschrieben; warten Sie, bis die Datei vollständig ist.</translation>
    </message>
    <message>
        <source>{name} is still shown.</source>
        <translation>{name} wird weiter angezeigt.</translation>
    </message>
    <message>
        <source>{name} is {what}, a format that this program does not read; save it as PNG or TIFF without changing its size or quality, and say so in the notes.</source>
        <translation>{name} ist {what}; dieses Format liest das Programm nicht. Speichern Sie es als PNG oder TIFF, ohne Größe oder Qualität zu ändern, und vermerken Sie das in den Notizen.</translation>
    </message>
    <message>
        <source>{name} is {what}, not a clip; choose a video or picture file instead.</source>
        <translation>{name} ist {what}, kein Clip; wählen Sie stattdessen eine Video- oder Bilddatei.</translation>
    </message>
    <message>
        <source>{name} names no video, and holds private data, as which programs store AV1 or VP9 in transport streams; ask its source for the recording as MP4 or Matroska.</source>
        <translation>{name} nennt kein Video und enthält private Daten, als die Programme AV1 oder VP9 in Transportströmen speichern; bitten Sie die Quelle um die Aufnahme als MP4 oder Matroska.</translation>
    </message>
    <message>
        <source>{name} needs {size} GB in {place} for its working copy, which the disk has not; free some space there, or set TMPDIR to a folder on a larger disk and start the program again.</source>
        <translation>{name} braucht {size} GB in {place} für die Arbeitskopie, die dort nicht frei sind; schaffen Sie dort Platz, oder setzen Sie TMPDIR auf einen Ordner eines größeren Datenträgers und starten Sie das Programm neu.</translation>
    </message>
    <message>
        <source>{name} states more pictures or sounds than it has room for; copy it again from its source.</source>
        <translation>{name} gibt mehr Bilder oder Töne an, als darin Platz haben; kopieren Sie die Datei erneut von ihrer Quelle.</translation>
    </message>
    <message>
        <source>{name} states numbers that no clip can have, such as time stamps beyond 2^62; copy its streams into a new file.</source>
        <translation>{name} nennt Zahlen, die kein Clip haben kann, etwa Zeitstempel jenseits von 2^62; kopieren Sie die Spuren in eine neue Datei.</translation>
    </message>
    <message>
        <source>{name} stores its picture as {samples}, which none of the program&apos;s libraries reads; save it with 8 or 16 bits a channel and say so in the notes.</source>
        <translation>{name} speichert sein Bild als {samples}, was keine Bibliothek des Programms liest; speichern Sie es mit 8 oder 16 Bit je Kanal und vermerken Sie das in den Notizen.</translation>
    </message>
    <message>
        <source>{name} stores {count} pictures, and its edit list shows none of them; take the edit list out of a copy (FFmpeg: -ignore_editlist 1 -i CLIP -c copy) and say so in the notes.</source>
        <translation>{name} speichert {count} Bilder, und die Schnittliste zeigt keines davon; entfernen Sie die Schnittliste aus einer Kopie (FFmpeg: -ignore_editlist 1 -i CLIP -c copy) und vermerken Sie das in den Notizen.</translation>
    </message>
    <message>
        <source>{name} uses a video codec that FFmpeg cannot decode; convert it and say so in the notes.</source>
        <translation>{name} verwendet einen Videocodec, den FFmpeg nicht dekodieren kann; wandeln Sie die Datei um und vermerken Sie das in den Notizen.</translation>
    </message>
    <message>
        <source>{name} was altered since it was opened; open it again.</source>
        <translation>{name} wurde seit dem Öffnen verändert; öffnen Sie die Datei erneut.</translation>
    </message>
    <message>
        <source>{name} was changed by another program since it was opened; open it again to see its content.</source>
        <translation>{name} wurde seit dem Öffnen von einem anderen Programm geändert; öffnen Sie die Datei erneut, um ihren Inhalt zu sehen.</translation>
    </message>
    <message>
        <source>{name} was closed.</source>
        <translation>{name} wurde geschlossen.</translation>
    </message>
    <message>
        <source>{name} was not read to its end: another file is being opened, or the program is closing; open it again.</source>
        <translation>{name} wurde nicht zu Ende gelesen: Eine andere Datei wird geöffnet, oder das Programm wird beendet; öffnen Sie die Datei erneut.</translation>
    </message>
    <message>
        <source>{name} was not read to its end: the program is closing; open it again.</source>
        <translation>{name} wurde nicht zu Ende gelesen: Das Programm wird beendet; öffnen Sie die Datei erneut.</translation>
    </message>
    <message>
        <source>{name} · not scored</source>
        <translation>{name} · nicht bewertet</translation>
    </message>
    <message>
        <source>{name} · not scored: {reason}</source>
        <translation>{name} · nicht bewertet: {reason}</translation>
    </message>
    <message>
        <source>{name}, network {network}</source>
        <translation>{name}, Netz {network}</translation>
    </message>
    <message>
        <source>{name}: a library crashed, which a damaged or malicious file can cause</source>
        <translation>{name}: Absturz einer Bibliothek, wie ihn eine beschädigte oder bösartige Datei verursachen kann</translation>
    </message>
    <message>
        <source>{name}: ended by another program</source>
        <translation>{name}: von einem anderen Programm beendet</translation>
    </message>
    <message>
        <source>{name}: killed by another program, or by the system for lack of memory</source>
        <translation>{name}: von einem anderen Programm beendet, oder vom System aus Mangel an Arbeitsspeicher</translation>
    </message>
    <message>
        <source>{name}: not scored</source>
        <translation>{name}: nicht bewertet</translation>
    </message>
    <message>
        <source>{name}: {look} (fast look, for screening: {value})</source>
        <translation>{name}: {look} (Schnellprüfung, zur Vorauswahl: {value})</translation>
    </message>
    <message>
        <source>{network}, {input_size} px crops</source>
        <translation>{network}, Ausschnitte von {input_size} px</translation>
    </message>
    <message>
        <source>{not_finite} samples of the sound are no numbers; they were taken as 0.</source>
        <translation>{not_finite} Abtastwerte des Tons sind keine Zahlen; sie wurden als 0 gewertet.</translation>
    </message>
    <message>
        <source>{other}: different from the analysis on the screen, which becomes out of date.</source>
        <translation>{other}: weicht von der Analyse auf dem Bildschirm ab, die damit veraltet.</translation>
    </message>
    <message>
        <source>{parent} cannot score crops of {size} pixels ({why}); use the bundle&apos;s own card.</source>
        <translation>{parent} kann Ausschnitte mit {size} Pixeln nicht bewerten ({why}); verwenden Sie die Modellkarte des Pakets.</translation>
    </message>
    <message>
        <source>{parent} holds no case.json; choose the folder of a case, or make a new case.</source>
        <translation>{parent} enthält keine case.json; wählen Sie den Ordner eines Falls, oder legen Sie einen neuen Fall an.</translation>
    </message>
    <message>
        <source>{parent} scores {frames} frames at once, but its network {architecture} takes single frames; use the bundle&apos;s own card.</source>
        <translation>{parent} bewertet {frames} Einzelbilder zugleich, sein Netz {architecture} nimmt aber einzelne; verwenden Sie die Modellkarte des Pakets.</translation>
    </message>
    <message>
        <source>{path} cannot be changed ({cause}); delete it to forget all clips.</source>
        <translation>{path} lässt sich nicht ändern ({cause}); löschen Sie die Datei, um alle Clips zu vergessen.</translation>
    </message>
    <message>
        <source>{path} cannot be copied to be read ({cause}); check its permissions and the free space in {parent}.</source>
        <translation>{path} lässt sich nicht zum Lesen kopieren ({cause}); prüfen Sie die Rechte der Datei und den freien Platz in {parent}.</translation>
    </message>
    <message>
        <source>{path} cannot be deleted ({cause}); close other windows that show this clip and try again.</source>
        <translation>{path} lässt sich nicht löschen ({cause}); schließen Sie andere Fenster mit diesem Clip und versuchen Sie es erneut.</translation>
    </message>
    <message>
        <source>{path} cannot be listed ({cause}); ask for permission to read it.</source>
        <translation>{path} lässt sich nicht auflisten ({cause}); bitten Sie um Leserechte.</translation>
    </message>
    <message>
        <source>{path} cannot be opened as a case file ({cause}); choose another file.</source>
        <translation>{path} lässt sich nicht als Falldatei öffnen ({cause}); wählen Sie eine andere Datei.</translation>
    </message>
    <message>
        <source>{path} cannot be opened as a key: wrong passphrase, or no PKCS#8 PEM.</source>
        <translation>{path} lässt sich nicht als Schlüssel öffnen: falsche Passphrase, oder kein PKCS#8-PEM.</translation>
    </message>
    <message>
        <source>{path} cannot be opened, since its disk is full; free some space.</source>
        <translation>{path} lässt sich nicht öffnen, weil der Datenträger voll ist; schaffen Sie Platz.</translation>
    </message>
    <message>
        <source>{path} cannot be read ({cause}); check the disk or the permissions.</source>
        <translation>{path} lässt sich nicht lesen ({cause}); prüfen Sie den Datenträger oder die Rechte.</translation>
    </message>
    <message>
        <source>{path} cannot be read ({cause}); check the path and the permissions.</source>
        <translation>{path} lässt sich nicht lesen ({cause}); prüfen Sie den Pfad und die Rechte.</translation>
    </message>
    <message>
        <source>{path} cannot be read ({cause}); check the path.</source>
        <translation>{path} lässt sich nicht lesen ({cause}); prüfen Sie den Pfad.</translation>
    </message>
    <message>
        <source>{path} cannot be read ({cause}); restore the file or ask for permission to read it.</source>
        <translation>{path} lässt sich nicht lesen ({cause}); stellen Sie die Datei wieder her, oder bitten Sie um Leserechte.</translation>
    </message>
    <message>
        <source>{path} cannot be read any more ({cause}); put the file back.</source>
        <translation>{path} lässt sich nicht mehr lesen ({cause}); stellen Sie die Datei wieder her.</translation>
    </message>
    <message>
        <source>{path} cannot be read as a case file ({cause}); choose another file.</source>
        <translation>{path} lässt sich nicht als Falldatei lesen ({cause}); wählen Sie eine andere Datei.</translation>
    </message>
    <message>
        <source>{path} cannot be used: {wrong}; use a bundle that was made for this version.</source>
        <translation>{path} lässt sich nicht verwenden: {wrong}; verwenden Sie ein Modellpaket, das für diese Version erstellt wurde.</translation>
    </message>
    <message>
        <source>{path} cannot be written ({cause}); choose another place for the key.</source>
        <translation>{path} lässt sich nicht schreiben ({cause}); wählen Sie einen anderen Ort für den Schlüssel.</translation>
    </message>
    <message>
        <source>{path} cannot be written ({cause}); free some space or check the permissions. What is saved stays.</source>
        <translation>{path} lässt sich nicht schreiben ({cause}); schaffen Sie Platz, oder prüfen Sie die Rechte. Was gespeichert ist, bleibt.</translation>
    </message>
    <message>
        <source>{path} cannot be written ({reason}); choose another folder or free some space.</source>
        <translation>{path} kann nicht geschrieben werden ({reason}); wählen Sie einen anderen Ordner, oder schaffen Sie Platz.</translation>
    </message>
    <message>
        <source>{path} contains no clip yet; open the clip itself.</source>
        <translation>{path} enthält noch keinen Clip; öffnen Sie den Clip selbst.</translation>
    </message>
    <message>
        <source>{path} does not exist; choose an existing case file.</source>
        <translation>{path} gibt es nicht; wählen Sie eine vorhandene Falldatei.</translation>
    </message>
    <message>
        <source>{path} exists already and may be a key in use; choose another name.</source>
        <translation>{path} existiert bereits und ist vielleicht ein Schlüssel, der verwendet wird; wählen Sie einen anderen Namen.</translation>
    </message>
    <message>
        <source>{path} has the format {schema}, and no version of this program wrote that; choose another folder.</source>
        <translation>{path} hat das Format {schema}, und keine Version dieses Programms hat das geschrieben; wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <source>{path} holds a damaged conclusion; analyse the clip again.</source>
        <translation>{path} enthält ein beschädigtes Ergebnis; analysieren Sie den Clip erneut.</translation>
    </message>
    <message>
        <source>{path} holds a damaged entry ({cause}); analyse the clip again.</source>
        <translation>{path} enthält einen beschädigten Eintrag ({cause}); analysieren Sie den Clip erneut.</translation>
    </message>
    <message>
        <source>{path} holds a picture that cannot be shown ({cause}); remove it from the notes.</source>
        <translation>{path} enthält ein Bild, das sich nicht zeigen lässt ({cause}); entfernen Sie es aus den Notizen.</translation>
    </message>
    <message>
        <source>{path} holds no MD5 or SHA-256 hash; name another list.</source>
        <translation>{path} enthält keine MD5- oder SHA-256-Prüfsumme; geben Sie eine andere Liste an.</translation>
    </message>
    <message>
        <source>{path} holds no analysis {analysis_id}; open the clip again.</source>
        <translation>{path} enthält keine Analyse {analysis_id}; öffnen Sie den Clip erneut.</translation>
    </message>
    <message>
        <source>{path} holds no analysis {number}; open the clip again.</source>
        <translation>{path} enthält keine Analyse {number}; öffnen Sie den Clip erneut.</translation>
    </message>
    <message>
        <source>{path} holds no clip or still; name a file, or a folder that holds some.</source>
        <translation>{path} enthält weder Clip noch Standbild; wählen Sie eine Datei oder einen Ordner, der welche enthält.</translation>
    </message>
    <message>
        <source>{path} holds the analysis of another clip; move it away and analyse this one again.</source>
        <translation>{path} enthält die Analyse eines anderen Clips; verschieben Sie sie, und analysieren Sie diesen erneut.</translation>
    </message>
    <message>
        <source>{path} is a folder, not a case file; name a file in it.</source>
        <translation>{path} ist ein Ordner, keine Falldatei; wählen Sie eine Datei darin.</translation>
    </message>
    <message>
        <source>{path} is a link to a file outside of the folder that was named; name that file to have it analysed.</source>
        <translation>{path} ist eine Verknüpfung mit einer Datei außerhalb des gewählten Ordners; wählen Sie diese Datei selbst, damit sie analysiert wird.</translation>
    </message>
    <message>
        <source>{path} is a pipe, socket or device, not a case file; choose another file.</source>
        <translation>{path} ist eine Pipe, ein Socket oder ein Gerät, keine Falldatei; wählen Sie eine andere Datei.</translation>
    </message>
    <message>
        <source>{path} is damaged ({cause}); analyse the clip again into a new case file.</source>
        <translation>{path} ist beschädigt ({cause}); analysieren Sie den Clip erneut in eine neue Falldatei.</translation>
    </message>
    <message>
        <source>{path} is damaged ({cause}); its log cannot be checked.</source>
        <translation>{path} ist beschädigt ({cause}); das Protokoll lässt sich nicht prüfen.</translation>
    </message>
    <message>
        <source>{path} is damaged or no case ({cause}); take it from a copy, or make a new case.</source>
        <translation>{path} ist beschädigt oder kein Fall ({cause}); verwenden Sie eine Kopie, oder legen Sie einen neuen Fall an.</translation>
    </message>
    <message>
        <source>{path} is damaged: it has case format {version}; take it from a copy, or analyse again.</source>
        <translation>{path} ist beschädigt: Die Datei hat das Fallformat {version}; verwenden Sie eine Kopie, oder analysieren Sie erneut.</translation>
    </message>
    <message>
        <source>{path} is larger than when it was analysed; if it was still being written, wait until it is whole and analyse it again, otherwise restore the original.</source>
        <translation>{path} ist größer als bei der Analyse; wurde die Datei noch geschrieben, warten Sie, bis sie vollständig ist, und analysieren Sie sie erneut, andernfalls stellen Sie das Original wieder her.</translation>
    </message>
    <message>
        <source>{path} is larger than {most_bytes} GiB, which no case file is; choose another file.</source>
        <translation>{path} ist größer als {most_bytes} GiB, so groß ist keine Falldatei; wählen Sie eine andere Datei.</translation>
    </message>
    <message>
        <source>{path} is larger than {most_bytes} MiB, which no case is; choose another one.</source>
        <translation>{path} ist größer als {most_bytes} MiB, so groß ist kein Fall; wählen Sie einen anderen.</translation>
    </message>
    <message>
        <source>{path} is larger than {most} MiB; split it.</source>
        <translation>{path} ist größer als {most} MiB; teilen Sie die Datei.</translation>
    </message>
    <message>
        <source>{path} is no TOML file (a line has more than {longest_line} characters); correct it.</source>
        <translation>{path} ist keine TOML-Datei (eine Zeile hat mehr als {longest_line} Zeichen); berichtigen Sie das.</translation>
    </message>
    <message>
        <source>{path} is no TOML file ({cause}); correct it.</source>
        <translation>{path} ist keine TOML-Datei ({cause}); berichtigen Sie das.</translation>
    </message>
    <message>
        <source>{path} is not a case file of this program; choose another file.</source>
        <translation>{path} ist keine Falldatei dieses Programms; wählen Sie eine andere Datei.</translation>
    </message>
    <message>
        <source>{path} is not a valid base card ({cause}); copy the base again.</source>
        <translation>{path} ist keine gültige Karte eines Basisnetzes ({cause}); kopieren Sie das Basisnetz erneut.</translation>
    </message>
    <message>
        <source>{path} is not an Ed25519 key; make one with inspector key create.</source>
        <translation>{path} ist kein Ed25519-Schlüssel; erzeugen Sie einen mit inspector key create.</translation>
    </message>
    <message>
        <source>{path} is not safe to use: two rows of {name} contradict each other ({cause}); request the case again from its source.</source>
        <translation>{path} ist nicht sicher zu verwenden: Zwei Zeilen von {name} widersprechen sich ({cause}); fordern Sie den Fall erneut von seiner Quelle an.</translation>
    </message>
    <message>
        <source>{path} is not safe to use: {name} makes SQLite delete another file; remove it.</source>
        <translation>{path} ist nicht sicher zu verwenden: {name} lässt SQLite eine andere Datei löschen; entfernen Sie diese Journaldatei.</translation>
    </message>
    <message>
        <source>{path} is not safe to use: {wrong} (row {count}); request the case again from its source.</source>
        <translation>{path} ist nicht sicher zu verwenden: {wrong} (Zeile {count}); fordern Sie den Fall erneut von seiner Quelle an.</translation>
    </message>
    <message>
        <source>{path} is not safe to use: {wrong}; request it again from its source.</source>
        <translation>{path} ist nicht sicher zu verwenden: {wrong}; fordern Sie den Fall erneut von seiner Quelle an.</translation>
    </message>
    <message>
        <source>{path} is not safe to use: {wrong}; request the case again from its source.</source>
        <translation>{path} ist nicht sicher zu verwenden: {wrong}; fordern Sie den Fall erneut von seiner Quelle an.</translation>
    </message>
    <message>
        <source>{path} is not the file that was analysed (its SHA-256 differs); restore the original, or analyse this file.</source>
        <translation>{path} ist nicht die analysierte Datei (die SHA-256 weicht ab); stellen Sie das Original wieder her, oder analysieren Sie diese Datei.</translation>
    </message>
    <message>
        <source>{path} is not the key that signs results; restore it, or remove it to begin a new one.</source>
        <translation>{path} ist nicht der Schlüssel, mit dem Ergebnisse signiert werden; stellen Sie die Datei wieder her, oder entfernen Sie sie, um einen neuen Schlüssel zu beginnen.</translation>
    </message>
    <message>
        <source>{path} lacks the frame at pts {pts}; analyse the clip again.</source>
        <translation>In {path} fehlt das Einzelbild bei pts {pts}; analysieren Sie den Clip erneut.</translation>
    </message>
    <message>
        <source>{path} leads out of the case&apos;s folder; remove that link and open the case again.</source>
        <translation>{path} führt aus dem Ordner des Falls hinaus; entfernen Sie diese Verknüpfung, und öffnen Sie den Fall erneut.</translation>
    </message>
    <message>
        <source>{path} was changed while it was imported; open it again.</source>
        <translation>{path} wurde während des Imports verändert; öffnen Sie die Datei erneut.</translation>
    </message>
    <message>
        <source>{path} was made by a newer version of this program; update the program to open it.</source>
        <translation>{path} stammt von einer neueren Version dieses Programms; aktualisieren Sie das Programm, um die Datei zu öffnen.</translation>
    </message>
    <message>
        <source>{path} was made by another version or another program and is not imported yet; open it in the window first.</source>
        <translation>{path} stammt von einer anderen Version oder einem anderen Programm und ist noch nicht importiert; öffnen Sie die Datei zuerst im Fenster.</translation>
    </message>
    <message>
        <source>{path} was not read to its end, because the program was stopped.</source>
        <translation>{path} wurde nicht zu Ende gelesen, weil das Programm abgebrochen wurde.</translation>
    </message>
    <message>
        <source>{path}, the key that signs results, cannot be used ({cause}); check its permissions and the space on its disk.</source>
        <translation>{path}, der Schlüssel, mit dem Ergebnisse signiert werden, lässt sich nicht verwenden ({cause}); prüfen Sie die Rechte der Datei und den Platz auf dem Datenträger.</translation>
    </message>
    <message>
        <source>{path}: {cause}; analyse the clip again.</source>
        <translation>{path}: {cause}; analysieren Sie den Clip erneut.</translation>
    </message>
    <message>
        <source>{path}: {name} is none of {custody} with a text in quotes; correct it.</source>
        <translation>{path}: {name} ist keine der Angaben {custody} mit einem Text in Anführungszeichen; berichtigen Sie das.</translation>
    </message>
    <message>
        <source>{primaries} / {transfer} / {matrix}, range {range}</source>
        <translation>{primaries} / {transfer} / {matrix}, Bereich {range}</translation>
    </message>
    <message>
        <source>{problem} Choose the clip again to try again.</source>
        <translation>{problem} Wählen Sie den Clip erneut, um es noch einmal zu versuchen.</translation>
    </message>
    <message>
        <source>{rate:.0f} frames/s</source>
        <translation>{rate:.0f} Bilder/s</translation>
    </message>
    <message>
        <source>{rate:.1f} frames/s</source>
        <translation>{rate:.1f} Bilder/s</translation>
    </message>
    <message>
        <source>{rate:.3f} frames/s</source>
        <translation>{rate:.3f} Bilder/s</translation>
    </message>
    <message>
        <source>{rate} ({low} to {high}), n = {n}</source>
        <translation>{rate} ({low} bis {high}), n = {n}</translation>
    </message>
    <message>
        <source>{ratio} (95 % interval {low} to {high}): {support}</source>
        <translation>{ratio} (95-%-Intervall {low} bis {high}): {support}</translation>
    </message>
    <message>
        <source>{ratio} (95 % interval {low} to {high}; none beyond {least} and {most} is stated): {support}</source>
        <translation>{ratio} (95-%-Intervall {low} bis {high}; keiner jenseits von {least} und {most} wird angegeben): {support}</translation>
    </message>
    <message>
        <source>{ratio}, not confirmed after mild changes of the picture</source>
        <translation>{ratio}, nach leichten Änderungen des Bildes nicht bestätigt</translation>
    </message>
    <message>
        <source>{ratio}, too little for a conclusion</source>
        <translation>{ratio}, zu wenig für einen Schluss</translation>
    </message>
    <message>
        <source>{ratio}, which a stretch of the clip that stands out contradicts</source>
        <translation>{ratio}; dem widerspricht ein auffälliger Abschnitt des Clips</translation>
    </message>
    <message>
        <source>{ratio}, which does not hold before a plain surface</source>
        <translation>{ratio}, was vor einer glatten Fläche nicht gilt</translation>
    </message>
    <message>
        <source>{reason} But after a mild change of the picture the score no longer clearly points that way ({changes}), so no conclusion is drawn.</source>
        <translation>{reason} Doch nach einer leichten Änderung des Bildes weist der Wert nicht mehr klar dorthin ({changes}), daher wird kein Schluss gezogen.</translation>
    </message>
    <message>
        <source>{reason} But the analysis was stopped before it was tested whether a mild change of the picture turns the score and whether the face stands before a plain surface, so no conclusion is drawn.</source>
        <translation>{reason} Doch die Analyse wurde angehalten, bevor geprüft war, ob eine leichte Änderung des Bildes den Wert kippt und ob das Gesicht vor einer glatten, einfarbigen Fläche steht; daher wird kein Schluss gezogen.</translation>
    </message>
    <message>
        <source>{reason} But {share} of what surrounds the face is a plain surface of one colour. Before such a surface real faces that were cut out come out as fakes too often, so no conclusion is drawn.</source>
        <translation>{reason} Doch {share} dessen, was das Gesicht umgibt, ist eine glatte Fläche in einer Farbe. Vor einer solchen Fläche wirken echte Gesichter, die ausgeschnitten wurden, zu oft wie Fälschungen, daher wird kein Schluss gezogen.</translation>
    </message>
    <message>
        <source>{reason} From {start} s to {end} s every frame that the deep look saw reaches the upper limit: examine that stretch.</source>
        <translation>{reason} Von {start} s bis {end} s erreicht jedes Einzelbild, das die Tiefenprüfung sah, die obere Grenze: Untersuchen Sie diese Stelle.</translation>
    </message>
    <message>
        <source>{reason} One short track was left out.</source>
        <translation>{reason} Eine kurze Gesichtsspur blieb außer Betracht.</translation>
    </message>
    <message>
        <source>{reason} {count} short tracks were left out.</source>
        <translation>{reason} {count} kurze Gesichtsspuren blieben außer Betracht.</translation>
    </message>
    <message>
        <source>{reason}; the length of this gap is estimated from the number of bytes</source>
        <translation>{reason}; die Länge dieser Lücke ist aus der Zahl der Bytes geschätzt</translation>
    </message>
    <message>
        <source>{reason}; {stored} of {declared} declared pictures are stored before</source>
        <translation>{reason}; davor sind {stored} von {declared} angegebenen Bildern gespeichert</translation>
    </message>
    <message>
        <source>{rule}: {start:.2f} to {end:.2f} s</source>
        <translation>{rule}: {start:.2f} bis {end:.2f} s</translation>
    </message>
    <message>
        <source>{samples}, of which 0 is shown as black and {white} as white, without a transfer curve</source>
        <translation>{samples}, von denen 0 als Schwarz und {white} als Weiß gezeigt wird, ohne Übertragungskurve</translation>
    </message>
    <message>
        <source>{samples}, of which the upper 8 bits are shown</source>
        <translation>{samples}, von denen die oberen 8 Bit gezeigt werden</translation>
    </message>
    <message>
        <source>{score}, above the lower limit of {limit}; for clips no upper limit could be set, so no conclusion is drawn.</source>
        <translation>{score}, über der unteren Grenze von {limit}; für Clips ließ sich keine obere Grenze festlegen, daher wird kein Schluss gezogen.</translation>
    </message>
    <message>
        <source>{score}, above the lower limit of {limit}; for stills no upper limit could be set, so no conclusion is drawn.</source>
        <translation>{score}, über der unteren Grenze von {limit}; für Standbilder ließ sich keine obere Grenze festlegen, daher wird kein Schluss gezogen.</translation>
    </message>
    <message>
        <source>{score}, below the upper limit of {limit}; for clips no lower limit could be set, so no conclusion is drawn.</source>
        <translation>{score}, unter der oberen Grenze von {limit}; für Clips ließ sich keine untere Grenze festlegen, daher wird kein Schluss gezogen.</translation>
    </message>
    <message>
        <source>{score}, below the upper limit of {limit}; for stills no lower limit could be set, so no conclusion is drawn.</source>
        <translation>{score}, unter der oberen Grenze von {limit}; für Standbilder ließ sich keine untere Grenze festlegen, daher wird kein Schluss gezogen.</translation>
    </message>
    <message>
        <source>{score}, between {low} and {high}, where errors are too frequent for a conclusion.</source>
        <translation>{score}, zwischen {low} und {high}, wo Fehler für einen Schluss zu häufig sind.</translation>
    </message>
    <message>
        <source>{score}, but for clips no limits could be set at which errors are rare enough for a conclusion.</source>
        <translation>{score}, aber für Clips ließen sich keine Grenzen setzen, bei denen Fehler selten genug für einen Schluss sind.</translation>
    </message>
    <message>
        <source>{score}, but for stills no limits could be set at which errors are rare enough for a conclusion.</source>
        <translation>{score}, aber für Standbilder ließen sich keine Grenzen setzen, bei denen Fehler selten genug für einen Schluss sind.</translation>
    </message>
    <message>
        <source>{score}, which is at most the lower limit of {limit}.</source>
        <translation>{score} und liegt nicht über der unteren Grenze von {limit}.</translation>
    </message>
    <message>
        <source>{score}, which reaches the upper limit of {limit}.</source>
        <translation>{score} und erreicht die obere Grenze von {limit}.</translation>
    </message>
    <message>
        <source>{seconds:.0f} s/frame</source>
        <translation>{seconds:.0f} s/Bild</translation>
    </message>
    <message>
        <source>{seconds} s before the picture at {at} s</source>
        <translation>{seconds} s vor dem Bild bei {at} s</translation>
    </message>
    <message>
        <source>{size_bytes:,} bytes</source>
        <translation>{size_bytes:,} Byte</translation>
    </message>
    <message>
        <source>{target} cannot be saved: {wrong}; take back the last change.</source>
        <translation>{target} lässt sich nicht speichern: {wrong}; machen Sie die letzte Änderung rückgängig.</translation>
    </message>
    <message>
        <source>{target} cannot be written ({cause}); free some space or check the permissions. What was saved stays.</source>
        <translation>{target} lässt sich nicht schreiben ({cause}); schaffen Sie Platz, oder prüfen Sie die Rechte. Was gespeichert wurde, bleibt.</translation>
    </message>
    <message>
        <source>{target} was changed by another window or program; open the case again to go on from there.</source>
        <translation>{target} wurde von einem anderen Fenster oder Programm verändert; öffnen Sie den Fall erneut, um von dort weiterzumachen.</translation>
    </message>
    <message>
        <source>{time_base} s, starts at pts {start_pts}</source>
        <translation>{time_base} s, beginnt bei pts {start_pts}</translation>
    </message>
    <message>
        <source>{time} left</source>
        <translation>noch {time}</translation>
    </message>
    <message>
        <source>{time} · frame {index} · pts {pts}</source>
        <translation>{time} · Bild {index} · pts {pts}</translation>
    </message>
    <message>
        <source>{title} · not scored: {reason}</source>
        <translation>{title} · nicht bewertet: {reason}</translation>
    </message>
    <message>
        <source>{total:.1f} s of voice</source>
        <translation>{total:.1f} s Stimme</translation>
    </message>
    <message>
        <source>{track_id} has no score at pts {pts}, so nothing can be explained; choose another frame.</source>
        <translation>{track_id} ist bei pts {pts} nicht bewertet, also lässt sich nichts erklären; wählen Sie ein anderes Einzelbild.</translation>
    </message>
    <message>
        <source>{value:.1f} blinks per minute (an observation, not part of the score)</source>
        <translation>{value:.1f} Lidschläge je Minute (eine Beobachtung, geht nicht in die Bewertung ein)</translation>
    </message>
    <message>
        <source>{value} % of the frames repeat the one before them while the picture around them moves, without a fixed period.</source>
        <translation>{value} % der Einzelbilder wiederholen das vorige, während sich das Bild ringsum bewegt, ohne feste Periode.</translation>
    </message>
    <message>
        <source>{value} % of the frames show the lines of two moments woven into each other, though the file calls them progressive.</source>
        <translation>{value} % der Einzelbilder zeigen die Zeilen zweier Zeitpunkte ineinander verwoben, obwohl die Datei sie progressiv nennt.</translation>
    </message>
    <message>
        <source>{value} (face&apos;s scale)</source>
        <translation>{value} (Maßstab des Gesichts)</translation>
    </message>
    <message>
        <source>{value} bytes behind the end of the file&apos;s own structure belong to no part of it.</source>
        <translation>{value} Byte hinter dem Ende des eigenen Aufbaus der Datei gehören zu keinem ihrer Teile.</translation>
    </message>
    <message>
        <source>{value} bytes of the media belong to no sample of a track.</source>
        <translation>{value} Byte der Mediendaten gehören zu keinem Sample einer Spur.</translation>
    </message>
    <message>
        <source>{weights} does not fit the network {architecture} ({why}); use the bundle&apos;s own card.</source>
        <translation>{weights} passt nicht zum Netz {architecture} ({why}); verwenden Sie die Modellkarte des Pakets.</translation>
    </message>
    <message>
        <source>{weights} has SHA-256 {found}…, its card names {sha256}…; the bundle was altered or damaged, copy it again.</source>
        <translation>{weights} hat die SHA-256 {found}…, seine Modellkarte nennt {sha256}…; das Modellpaket wurde verändert oder beschädigt, kopieren Sie es erneut.</translation>
    </message>
    <message>
        <source>{weights} is too large for a network; export or copy the bundle again.</source>
        <translation>{weights} ist für ein Netz zu groß; exportieren oder kopieren Sie das Modellpaket erneut.</translation>
    </message>
    <message>
        <source>{who} agrees</source>
        <translation>{who} stimmt zu</translation>
    </message>
    <message>
        <source>{who} disagrees</source>
        <translation>{who} widerspricht</translation>
    </message>
</context>
</TS>
