// What is asked of the page's JavaScript: no mistakes, and no text that becomes markup or code.

import js from "@eslint/js";
import unsanitized from "eslint-plugin-no-unsanitized";
import globals from "globals";

export default [
  js.configs.recommended,
  unsanitized.configs.recommended,
  {
    languageOptions: { globals: globals.browser },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "consistent-return": "off",
      "eqeqeq": "error",
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-restricted-properties": [
        "error",
        { property: "innerHTML" },
        { property: "outerHTML" },
        { property: "insertAdjacentHTML" },
        { property: "setHTMLUnsafe" },
      ],
      "no-restricted-globals": ["error", "DOMParser", "Range"],
      "no-shadow": "error",
      "no-var": "error",
      "prefer-const": "error",
    },
  },
];
