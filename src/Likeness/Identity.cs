namespace Likeness;

/// <summary>Whose portrait it is: a local person, written as a normalised bare JID or e-mail address (<c>juliet@example.org</c>).</summary>
/// <param name="Value">Lower-case <c>local@domain</c>; the account's bare JID when the person has an account.</param>
public readonly record struct Identity(string Value)
{
    /// <summary>The part behind the last <c>@</c>.</summary>
    public string Domain => Value[(Value.LastIndexOf('@') + 1)..];

    public override string ToString() => Value;
}
