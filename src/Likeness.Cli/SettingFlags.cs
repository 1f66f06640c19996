using System.Collections.Immutable;
using System.CommandLine;
using Likeness.Server.Options;

namespace Likeness.Cli;

/// <summary>A flag for every setting of the catalogue.</summary>
internal sealed class SettingFlags
{
    private readonly ImmutableArray<SettingFlag> _flags;

    private SettingFlags(Command command)
    {
        _flags = [.. OptionCatalogue.Keys.Select(key => new SettingFlag(key))];
        foreach (var flag in _flags)
        {
            command.Add(flag);
        }
    }

    public static SettingFlags AddTo(Command command) => new(command);

    public OptionSource Read(ParseResult parsed) => new(
        "the command line",
        _flags.Where(flag => parsed.GetResult(flag) is { Implicit: false })
            .ToImmutableDictionary(flag => flag.Key.Name, flag => Values(flag.Key, parsed.GetValue(flag) ?? [])));

    private static ImmutableArray<string> Values(OptionKey key, string[] said) => key.Bare is { } bare && said.Length == 0 ? [bare] : [.. said];
}

/// <summary>The flag of one setting; help and manuals show it in its group.</summary>
internal sealed class SettingFlag : Option<string[]>
{
    public SettingFlag(OptionKey key)
        : base(key.Flag)
    {
        Key = key;
        Description = $"{key.Meaning} Without it: {key.Default}.{(key.Repeatable ? " Can be given several times." : "")}";
        HelpName = key.IsSwitch ? "yes|no" : key.Example;
        // Arity "exactly one" cannot be read into an array; a setting said twice is refused with the others' problems.
        Arity = key.Bare is not null ? ArgumentArity.ZeroOrMore : ArgumentArity.OneOrMore;
    }

    public OptionKey Key { get; }

    /// <summary>Those among the options, by group.</summary>
    public static IEnumerable<(string Title, IReadOnlyList<SettingFlag> Flags)> Grouped(IEnumerable<Option> options)
    {
        var flags = options.OfType<SettingFlag>().ToDictionary(flag => flag.Key);
        return flags.Count == 0 ? [] : OptionCatalogue.Groups.Select(group => (group.Title, (IReadOnlyList<SettingFlag>)[.. group.Keys.Select(key => flags[key])]));
    }
}
