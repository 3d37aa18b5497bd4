// What every screen of the page promises, looked at in the browser: the sentences of what is broken. Colours are
// those that are drawn; what nobody sees is left out.
const broken = [];
const seen = (e) => {
	const box = e.getBoundingClientRect();
	return e.checkVisibility({ opacityProperty: false, visibilityProperty: true }) && box.width > 1 && box.height > 1;
};
const say = (e) => `${e.tagName.toLowerCase()}.${e.className} "${(e.textContent || e.name || "").trim().slice(0, 30)}"`;

if (document.documentElement.scrollWidth > innerWidth) {
	broken.push(`wider than the screen: ${document.documentElement.scrollWidth} > ${innerWidth}`);
}

// WCAG 2.5.5: what is pressed is 44 px each way at least; a box to tick has its label.
for (const e of document.querySelectorAll("a, button, input, select, summary")) {
	if (!seen(e)) {
		continue;
	}
	const ticked = e.type === "checkbox" || e.type === "radio";
	const box = (ticked ? e.closest("label") : e).getBoundingClientRect();
	if (box.width < 44 || box.height < 44) {
		broken.push(`smaller than a finger: ${say(e)} ${Math.round(box.width)}x${Math.round(box.height)}`);
	}
}

for (const e of document.querySelectorAll("input:not([type=hidden]), select")) {
	if (!(e.labels && [...e.labels].some((l) => l.textContent.trim())) && !e.getAttribute("aria-label")) {
		broken.push(`no label: ${say(e)}`);
	}
}

let level = 0;
const headings = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter(seen);
for (const e of headings) {
	const next = Number(e.tagName[1]);
	if (next > level + 1) {
		broken.push(`a heading is skipped before ${say(e)}`);
	}
	level = next;
}
if (headings.filter((e) => e.tagName === "H1").length !== 1) {
	broken.push("not one h1");
}
if (document.querySelectorAll("main").length !== 1 || !document.documentElement.lang) {
	broken.push("no main, or no language");
}

// WCAG 1.4.3: contrast of text, 4.5 to 1
const channels = (colour) => colour.match(/[\d.]+/g).map(Number);
const light = ([r, g, b]) => [r, g, b].map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
	.reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
const ground = (e) => {
	for (; e; e = e.parentElement) {
		const colour = channels(getComputedStyle(e).backgroundColor);
		if (colour.length < 4 || colour[3] > 0) {
			return colour;
		}
	}
	return [255, 255, 255];
};
const contrast = (a, b) => {
	const [x, y] = [light(a), light(b)].sort((p, q) => q - p);
	return (x + 0.05) / (y + 0.05);
};
const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (texts.nextNode()) {
	const e = texts.currentNode.parentElement;
	const ratio = contrast(channels(getComputedStyle(e).color), ground(e));
	if (texts.currentNode.textContent.trim() && seen(e) && ratio < 4.5) {
		broken.push(`contrast ${ratio.toFixed(2)}: ${say(e)}`);
	}
}
for (const e of document.querySelectorAll("input[placeholder]")) {
	const ratio = contrast(channels(getComputedStyle(e, "::placeholder").color), ground(e));
	if (ratio < 4.5) {
		broken.push(`contrast ${ratio.toFixed(2)} of the hint in ${say(e)}`);
	}
}
return broken;
