using System.Text.RegularExpressions;

namespace Likeness.Xmpp.Server.Tests.Play;

/// <summary>A kind of line and what happens on it.</summary>
/// <param name="Sentence">Matches the whole line; a star stands for words, given to the action in order.</param>
public sealed record Step(string Sentence, Func<Scene, string[], string, Task> Play)
{
    private readonly Regex _expression = new(
        $"^{Regex.Escape(Sentence).Replace("\\*", "(.+?)", StringComparison.Ordinal)}$",
        RegexOptions.CultureInvariant,
        TimeSpan.FromSeconds(1));

    /// <summary>The words in place of the stars, or null when the line is of another kind.</summary>
    public string[]? Match(string line)
    {
        var match = _expression.Match(line);
        return match.Success ? [.. match.Groups.Values.Skip(1).Select(group => group.Value)] : null;
    }
}
