using System.Collections.Immutable;
using System.CommandLine;
using Likeness.Server.Options;

namespace Likeness.Cli;

/// <summary>A flag for every setting of the catalogue.</summary>
internal sealed class SettingFlags
{
    private readonly ImmutableArray<(OptionKey Key, Option<string[]> Flag)> _flags;

    private SettingFlags(Command command)
    {
        _flags = [.. OptionCatalogue.Keys.Select(key => (key, Flag(key)))];
        foreach (var (_, flag) in _flags)
        {
            command.Add(flag);
        }
    }

    public static SettingFlags AddTo(Command command) => new(command);

    public OptionSource Read(ParseResult parsed) => new(
        "the command line",
        _flags.Where(flag => parsed.GetResult(flag.Flag) is { Implicit: false })
            .ToImmutableDictionary(flag => flag.Key.Name, flag => Values(flag.Key, parsed.GetValue(flag.Flag) ?? [])));

    private static ImmutableArray<string> Values(OptionKey key, string[] said) => key.Bare is { } bare && said.Length == 0 ? [bare] : [.. said];

    private static Option<string[]> Flag(OptionKey key) => new(key.Flag)
    {
        Description = $"{key.Meaning} Without it: {key.Default}.{(key.Repeatable ? " Can be given several times." : "")}",
        HelpName = key.IsSwitch ? "yes|no" : key.Example,
        // Arity "exactly one" cannot be read into an array; a setting said twice is refused with the others' problems.
        Arity = key.Bare is not null ? ArgumentArity.ZeroOrMore : ArgumentArity.OneOrMore,
    };
}
