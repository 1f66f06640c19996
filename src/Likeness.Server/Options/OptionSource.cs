using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Likeness.Server.Options;

/// <summary>Settings as one place says them.</summary>
/// <param name="Name">For messages: <c>the command line</c>, <c>the environment</c> or a file's name.</param>
/// <param name="Values">Values by key name.</param>
public sealed record OptionSource(string Name, ImmutableDictionary<string, ImmutableArray<string>> Values)
{
    private const string Prefix = "LIKENESS_";
    private const string FileSuffix = "_FILE";
    private const int MaxFileBytes = 64 * 1024;

    /// <summary>Values by domain and key name.</summary>
    public ImmutableDictionary<string, ImmutableDictionary<string, ImmutableArray<string>>> Policies { get; init; } =
        ImmutableDictionary<string, ImmutableDictionary<string, ImmutableArray<string>>>.Empty;

    /// <summary>Where each setting stands in a file: lines by its path, such as <c>policies.example.org.md5</c>.</summary>
    public ImmutableDictionary<string, int> Lines { get; init; } = ImmutableDictionary<string, int>.Empty;

    public static OptionSource Empty { get; } = new("nothing", ImmutableDictionary<string, ImmutableArray<string>>.Empty);

    /// <summary>
    /// Variables <c>LIKENESS_…</c>; several values are separated by commas. <c>LIKENESS_…_FILE</c> names a file with the value,
    /// as secrets are handed to containers. Throws <see cref="OptionsRefusedException"/> for a file that cannot be read.
    /// </summary>
    public static OptionSource FromEnvironment(IDictionary variables)
    {
        var names = OptionCatalogue.Keys.ToDictionary(key => key.Variable);
        var values = ImmutableDictionary.CreateBuilder<string, ImmutableArray<string>>();
        foreach (DictionaryEntry variable in variables)
        {
            if (variable is { Key: string name, Value: string { Length: > 0 } text } && IsOurs(name))
            {
                if (!names.ContainsKey(name) && name.EndsWith(FileSuffix, StringComparison.Ordinal) && names.TryGetValue(name[..^FileSuffix.Length], out var inFile))
                {
                    (name, text) = (inFile.Variable, TextOf(text, name, inFile, variables));
                }

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

    private static string TextOf(string file, string variable, OptionKey key, IDictionary variables)
    {
        if (variables.Contains(key.Variable))
        {
            throw Refused($"{key.Variable} says it too; keep one of them");
        }

        if (NamedFile.Problem(file) is { } problem)
        {
            throw Refused(problem);
        }

        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            var buffer = new byte[MaxFileBytes + 1];
            var length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            return length > MaxFileBytes ? throw Refused($"'{file}' has more than 64 KiB") : Encoding.UTF8.GetString(buffer, 0, length).TrimEnd('\r', '\n');
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Refused($"cannot be read: {exception.Message}");
        }

        OptionsRefusedException Refused(string text) => new([new OptionProblem(key.Name, variable, text, $"{variable}=/run/secrets/{key.Name}")]);
    }

    /// <summary>LIKENESS_DATA and LIKENESS_CONFIG say where to look; they are not settings.</summary>
    private static bool IsOurs(string name) =>
        name.StartsWith(Prefix, StringComparison.Ordinal) && name is not ("LIKENESS_DATA" or "LIKENESS_CONFIG");
}
