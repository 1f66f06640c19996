using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Likeness.Libravatar;

namespace Likeness.Server.Options;

/// <summary>A picture of the operator's own that <c>d=NAME</c> shows (table 2.2), in place of a face of that name.</summary>
/// <param name="File">Absolute path.</param>
public sealed partial record DefaultImageOption(string Name, string File)
{
    /// <summary>Reads <c>NAME=FILE</c>; throws <see cref="FormatException"/>.</summary>
    public static DefaultImageOption Parse(string text)
    {
        var (name, file) = text.IndexOf('=', StringComparison.Ordinal) is var at and > 0 ? (text[..at], text[(at + 1)..]) : ("", text);
        if (!NamePattern().IsMatch(name))
        {
            throw new FormatException($"'{text}' is not NAME=FILE with a name of at most 64 lower-case letters, digits, - and _");
        }

        if (name == DefaultKeywords.NotFound)
        {
            throw new FormatException($"'{name}' means that no picture is wanted");
        }

        return NamedFile.Problem(file) is { } problem
            ? throw new FormatException(problem)
            : new DefaultImageOption(name, Path.GetFullPath(file));
    }

    /// <summary>Every name once.</summary>
    public static ImmutableArray<DefaultImageOption> ParseAll(IReadOnlyList<string> values)
    {
        ImmutableArray<DefaultImageOption> images = [.. values.Select(Parse)];
        return images.CountBy(image => image.Name).FirstOrDefault(count => count.Value > 1) is { Key: { } twice }
            ? throw new FormatException($"'{twice}' is given twice")
            : images;
    }

    [GeneratedRegex("^[a-z0-9_-]{1,64}$", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();
}
