using System.Collections.Immutable;
using System.CommandLine;
using Likeness.Libravatar;
using Likeness.Server.Options;

namespace Likeness.Cli;

/// <summary>The small form of <c>serve</c>, with microavatar's flags (L-130): a few addresses and their pictures on the web, no accounts, nothing to set up.</summary>
internal sealed class PersonalNode
{
    private readonly Option<string?> _listen = new("--addr")
    {
        Description = "Personal node: where to listen. Without it: 127.0.0.1:8800.",
        HelpName = "ADDR:PORT",
    };

    private readonly Option<string?> _folder = new("--cache-folder")
    {
        Description = "Personal node: where to keep what was rendered. Without it: nothing is kept.",
        HelpName = "DIR",
    };

    private readonly Option<string[]> _pictures = new("--email")
    {
        Description = "Personal node: an address and its picture. Can be given several times.",
        HelpName = "you@example.org=face.jpg",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string[]> _defaults = new("--default")
    {
        Description = "Personal node: a picture that d=NAME shows; the one called nobody is shown for everybody without a picture. Can be given several times.",
        HelpName = "NAME=FILE",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly SettingFlags _settings;

    private PersonalNode(Command command, SettingFlags settings)
    {
        _settings = settings;
        command.Add(_listen);
        command.Add(_folder);
        command.Add(_pictures);
        command.Add(_defaults);
    }

    /// <param name="settings">The flags of all settings, <c>--gravatar</c> among them: they count here too.</param>
    public static PersonalNode AddTo(Command command, SettingFlags settings) => new(command, settings);

    /// <summary>Null when none of its flags was given. Throws <see cref="OptionsRefusedException"/>.</summary>
    public Started? Read(ParseResult parsed)
    {
        var said = parsed.GetValue(_pictures) ?? [];
        var listen = parsed.GetValue(_listen);
        var folder = parsed.GetValue(_folder);
        var defaults = parsed.GetValue(_defaults) ?? [];
        if (said.Length == 0 && defaults.Length == 0 && listen is null && folder is null)
        {
            return null;
        }

        var problems = ImmutableArray.CreateBuilder<OptionProblem>();
        var portraits = said.Select(text => Portrait(text, problems)).OfType<PortraitFile>().ToImmutableArray();
        if (problems.Count > 0)
        {
            throw new OptionsRefusedException(problems.ToImmutable());
        }

        var source = Source(_settings.Read(parsed), listen, defaults);
        var directory = folder is null ? Directory.CreateTempSubdirectory("likeness-") : null;
        var options = OptionReader.Read(new LikenessOptions { DataDirectory = directory?.FullName ?? Path.GetFullPath(folder!) }, source);
        return new Started(options with { Portraits = portraits, Domains = Domains(portraits) ?? options.Domains }, directory);
    }

    private static OptionSource Source(OptionSource said, string? listen, string[] defaults)
    {
        var values = said.Values.SetItem("http", [listen ?? "127.0.0.1:8800"]).SetItem("xmpp", ["off"]);
        if (defaults.Length > 0)
        {
            values = values.SetItem("default-image", [.. values.GetValueOrDefault("default-image", []), .. defaults]);
        }

        var hasNobody = defaults.Any(text => text.StartsWith("nobody=", StringComparison.Ordinal));
        return said with { Values = hasNobody && !values.ContainsKey("default-face") ? values.Add("default-face", ["nobody"]) : values };
    }

    private static PortraitFile? Portrait(string text, ImmutableArray<OptionProblem>.Builder problems)
    {
        const string Example = "--email you@example.org=face.jpg";
        var (address, file) = text.LastIndexOf('=') is var at and > 0 ? (text[..at], text[(at + 1)..]) : (text, "");
        var problem = (Address.TryParse(address, out _), File.Exists(file)) switch
        {
            (false, _) => $"'{address}' is not an address",
            (_, false) => $"there is no file '{file}'",
            _ => null,
        };
        if (problem is not null)
        {
            problems.Add(new OptionProblem("email", "the command line", problem, Example));
            return null;
        }

        return new PortraitFile(address, Path.GetFullPath(file));
    }

    private static ImmutableArray<string>? Domains(ImmutableArray<PortraitFile> portraits) =>
        portraits.IsEmpty ? null : [.. portraits.Select(portrait => Address.Parse(portrait.Address).Domain).Distinct(StringComparer.Ordinal)];

    /// <summary>Options, and the directory that goes when the server has ended.</summary>
    internal sealed record Started(LikenessOptions Options, DirectoryInfo? Temporary) : IDisposable
    {
        public void Dispose() => Temporary?.Delete(recursive: true);
    }
}
