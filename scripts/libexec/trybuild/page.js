"use strict";
(function () {
	var form = document.querySelector(".search");
	var words = document.getElementById("words");
	var said = document.getElementById("said");
	var tiles = document.querySelectorAll(".tile[href]");
	var recipes = document.querySelectorAll(".recipe");
	var groups = document.querySelectorAll(".group");
	var verdict = "";

	/* Show the recipes of the verdict whose names have all the words. */
	function show() {
		var wanted = words.value.toLowerCase().split(/\s+/);
		var count = 0;
		recipes.forEach(function (recipe) {
			var names = recipe.dataset.names.toLowerCase();
			var is_shown = (!verdict || recipe.dataset.verdict === verdict) &&
				wanted.every(function (w) { return names.includes(w); });
			recipe.hidden = !is_shown;
			count += is_shown;
		});
		groups.forEach(function (group) {
			group.hidden = !group.querySelector(".recipe:not([hidden])");
		});
		tiles.forEach(function (tile) {
			if (tile.dataset.verdict === verdict)
				tile.setAttribute("aria-current", "true");
			else
				tile.removeAttribute("aria-current");
		});
		said.textContent = count + " of " + recipes.length + " recipes";
	}

	/* The fragment says which verdict, so that a link can. */
	function follow() {
		var name = location.hash.slice(1);
		verdict = "";
		tiles.forEach(function (tile) {
			if (tile.dataset.verdict === name)
				verdict = name;
		});
		show();
	}

	form.hidden = false;
	form.addEventListener("submit", function (e) { e.preventDefault(); });
	words.addEventListener("input", show);
	document.getElementById("all").addEventListener("click", function () {
		words.value = "";
		if (location.hash)
			location.hash = "#recipes";
		follow();
	});
	window.addEventListener("hashchange", follow);
	follow();
}());
