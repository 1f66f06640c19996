using System.Collections;
using System.Collections.Immutable;
using System.Globalization;

namespace Likeness.Server.Options;

/// <summary>Settings as one place says them.</summary>
/// <param name="Name">For messages: <c>the command line</c>, <c>the environment</c> or a file's name.</param>
/// <param name="Values">Values by key name.</param>
public sealed record OptionSource(string Name, ImmutableDictionary<string, ImmutableArray<string>> Values)
{
    private const string Prefix = "LIKENESS_";

    /// <summary>Values by domain and key name.</summary>
    public ImmutableDictionary<string, ImmutableDictionary<string, ImmutableArray<string>>> Policies { get; init; } =
        ImmutableDictionary<string, ImmutableDictionary<string, ImmutableArray<string>>>.Empty;

    /// <summary>Where each setting stands in a file: lines by its path, such as <c>policies.example.org.md5</c>.</summary>
    public ImmutableDictionary<string, int> Lines { get; init; } = ImmutableDictionary<string, int>.Empty;

    public static OptionSource Empty { get; } = new("nothing", ImmutableDictionary<string, ImmutableArray<string>>.Empty);

    /// <summary>Variables <c>LIKENESS_…</c>; several values are separated by commas.</summary>
    public static OptionSource FromEnvironment(IDictionary variables)
    {
        var names = OptionCatalogue.Keys.ToDictionary(key => key.Variable);
        var values = ImmutableDictionary.CreateBuilder<string, ImmutableArray<string>>();
        foreach (DictionaryEntry variable in variables)
        {
            if (variable is { Key: string name, Value: string { Length: > 0 } text } && IsOurs(name))
            {
                var key = names.GetValueOrDefault(name);
                values[key?.Name ?? name] = key is { Repeatable: true }
                    ? [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)]
                    : [text];
            }
        }

        return new OptionSource("the environment", values.ToImmutable());
    }

    /// <summary>The place, and where it is a file the line, that says this.</summary>
    public string PlaceOf(string path) => Lines.TryGetValue(path, out var line) ? string.Create(CultureInfo.InvariantCulture, $"{Name}, line {line}") : Name;

    /// <summary>LIKENESS_DATA and LIKENESS_CONFIG say where to look; they are not settings.</summary>
    private static bool IsOurs(string name) =>
        name.StartsWith(Prefix, StringComparison.Ordinal) && name is not ("LIKENESS_DATA" or "LIKENESS_CONFIG");
}
