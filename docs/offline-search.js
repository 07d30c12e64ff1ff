// Search in pages opened from the disk: browsers start no worker for file:// pages, so the search worker runs in a hidden
// frame instead. It replaces the script that the theme would load from a content delivery network for the same purpose.
"use strict";

class IFrameWorker extends EventTarget {
  constructor(url) {
    super();
    this.frame = document.createElement("iframe");
    this.frame.hidden = true;
    document.body.append(this.frame);
    this.scope = this.frame.contentWindow;
    // What the worker posts goes to this page, not to its own frame.
    this.scope.postMessage = (data) => this.dispatchEvent(new MessageEvent("message", { data }));
    this.loaded = new Promise((resolve) => {
      const script = this.frame.contentDocument.createElement("script");
      script.src = url;
      script.addEventListener("load", resolve);
      this.frame.contentDocument.body.append(script);
    });
  }

  postMessage(data) {
    this.loaded.then(() => this.scope.dispatchEvent(new MessageEvent("message", { data })));
  }

  terminate() {
    this.frame.remove();
  }
}

window.IFrameWorker = IFrameWorker;
if (location.protocol === "file:") window.Worker = IFrameWorker;
