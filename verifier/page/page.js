// The page works without this; it only makes dropping a file anywhere on the page work too.
"use strict";

const drop = document.getElementById("drop");
const file = document.getElementById("file");

if (drop && file) {
	const over = (on) => (event) => {
		event.preventDefault();
		drop.classList.toggle("over", on);
	};
	document.addEventListener("dragover", over(true));
	document.addEventListener("dragleave", over(false));
	document.addEventListener("drop", (event) => {
		over(false)(event);
		if (event.dataTransfer.files.length === 1) {
			file.files = event.dataTransfer.files;
		}
	});
}
