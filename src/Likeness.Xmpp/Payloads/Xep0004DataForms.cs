using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Payloads;

/// <summary>A field of a data form (XEP-0004 §3.2).</summary>
/// <param name="Type">Such as <c>text-single</c> or <c>hidden</c>; null in submissions.</param>
public sealed record FormField(string Variable, IReadOnlyList<string> Values, string? Type = null, string? Label = null)
{
    /// <summary>Values one may choose from, for lists.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>A form without a value here is not taken.</summary>
    public bool IsRequired { get; init; }

    public string? Value => Values.Count > 0 ? Values[0] : null;

    public static FormField Of(string variable, params string[] values) => new(variable, values);
}

/// <summary>A data form (XEP-0004), usually named by its hidden field <c>FORM_TYPE</c> (XEP-0068).</summary>
/// <param name="Type"><c>form</c>, <c>submit</c>, <c>result</c> or <c>cancel</c>.</param>
/// <param name="FormType">The value of <c>FORM_TYPE</c>, or null.</param>
/// <param name="Fields">All others.</param>
public sealed record DataForm(string Type, string? FormType, IReadOnlyList<FormField> Fields)
{
    private const string FormTypeField = "FORM_TYPE";

    /// <summary>What people read above the form; null: nothing.</summary>
    public string? Title { get; init; }

    /// <summary>What people are told to do with it; null: nothing.</summary>
    public string? Instructions { get; init; }

    /// <summary>The first value of the field, or null.</summary>
    public string? this[string variable] => Field(variable)?.Value;

    public FormField? Field(string variable)
    {
        foreach (var field in Fields)
        {
            if (field.Variable == variable)
            {
                return field;
            }
        }

        return null;
    }

    /// <summary>The value of a boolean field (<c>1</c>, <c>true</c>, <c>0</c>, <c>false</c>); null when absent or something else.</summary>
    public bool? Flag(string variable) => this[variable] switch
    {
        "1" or "true" => true,
        "0" or "false" => false,
        _ => null,
    };

    /// <summary>The form inside this element with this <c>FORM_TYPE</c> (null: any), or null.</summary>
    public static DataForm? Find(Element parent, string? formType = null)
    {
        foreach (var node in parent.Nodes)
        {
            if (node is Element child && Read(child) is { } form && (formType is null || form.FormType == formType))
            {
                return form;
            }
        }

        return null;
    }

    /// <summary>The form in <c>x</c>, or null when it is none.</summary>
    public static DataForm? Read(Element x)
    {
        if (!x.Is("x", Ns.DataForms))
        {
            return null;
        }

        string? formType = null;
        var fields = new List<FormField>();
        foreach (var child in x)
        {
            if (!child.Is("field", Ns.DataForms) || child["var"] is not { } variable)
            {
                continue;
            }

            var values = child.Where(value => value.Is("value", Ns.DataForms)).Select(value => value.Text()).ToArray();
            if (variable == FormTypeField)
            {
                formType ??= values.FirstOrDefault();
            }
            else
            {
                var options = child.Where(option => option.Is("option", Ns.DataForms)).Select(option => option.Child("value")?.Text() ?? "").ToArray();
                fields.Add(new FormField(variable, values, child["type"], child["label"]) { Options = options, IsRequired = child.Child("required") is not null });
            }
        }

        return new DataForm(x["type"] ?? "form", formType, fields) { Title = x.Child("title")?.Text(), Instructions = x.Child("instructions")?.Text() };
    }

    public Element ToElement()
    {
        var x = new Element("x", Ns.DataForms).Set("type", Type);
        if (Title is not null)
        {
            x.Add("title", Title);
        }

        if (Instructions is not null)
        {
            x.Add("instructions", Instructions);
        }

        if (FormType is not null)
        {
            x.Add(new Element("field", Ns.DataForms).Set("var", FormTypeField).Set("type", "hidden").Add("value", FormType));
        }

        foreach (var field in Fields)
        {
            x.Add(Write(field));
        }

        return x;
    }

    private static Element Write(FormField field)
    {
        var element = new Element("field", Ns.DataForms).Set("var", field.Variable).Set("type", field.Type).Set("label", field.Label);
        foreach (var option in field.Options)
        {
            element.Add(new Element("option", Ns.DataForms).Add("value", option));
        }

        foreach (var value in field.Values)
        {
            element.Add("value", value);
        }

        return field.IsRequired ? element.Add(new Element("required", Ns.DataForms)) : element;
    }
}
