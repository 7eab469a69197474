/* Hides a field of the dataset form while its condition does not hold. Without this script every field is shown, with
 * the condition in words. `conditions` is a list of {field, values}; all must hold. */
ckan.module("satudata-conditional", function () {
  "use strict";

  function valuesOf(form, name) {
    var values = [];
    form.querySelectorAll('[name="' + name + '"]').forEach(function (input) {
      if ((input.type !== "checkbox" && input.type !== "radio") || input.checked) {
        values.push(input.value);
      }
    });
    return values;
  }

  return {
    options: { conditions: [] },

    initialize: function () {
      this.form = this.el[0].closest("form");
      this.update = this.update.bind(this);
      this.form.addEventListener("change", this.update);
      this.el[0].querySelector(".satudata-condition").hidden = true;
      this.update();
    },

    teardown: function () {
      this.form.removeEventListener("change", this.update);
    },

    update: function () {
      var form = this.form;
      this.el[0].hidden = !this.options.conditions.every(function (condition) {
        return valuesOf(form, condition.field).some(function (value) {
          return condition.values.indexOf(value) !== -1;
        });
      });
    }
  };
});
