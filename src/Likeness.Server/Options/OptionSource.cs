using System.Collections;
using System.Collections.Immutable;

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

    /// <summary>LIKENESS_DATA and LIKENESS_CONFIG say where to look; they are not settings.</summary>
    private static bool IsOurs(string name) =>
        name.StartsWith(Prefix, StringComparison.Ordinal) && name is not ("LIKENESS_DATA" or "LIKENESS_CONFIG");
}
