using System.Collections.Immutable;
using System.CommandLine;
using System.Net;
using Likeness.Libravatar;
using Likeness.Server.Options;

namespace Likeness.Cli;

/// <summary>The small form of <c>serve</c>, with microavatar's flags: a few addresses and their pictures on the web, no accounts, nothing to set up.</summary>
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
    private readonly CommonOptions _common;

    private PersonalNode(Command command, SettingFlags settings, CommonOptions common)
    {
        (_settings, _common) = (settings, common);
        command.Add(_listen);
        command.Add(_folder);
        command.Add(_pictures);
        command.Add(_defaults);
    }

    /// <param name="settings">The flags of all settings, <c>--gravatar</c> among them: they count here too.</param>
    /// <param name="common">Its <c>--data</c> and <c>--config</c> count when they are given.</param>
    public static PersonalNode AddTo(Command command, SettingFlags settings, CommonOptions common) => new(command, settings, common);

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

        var flags = _settings.Read(parsed);
        RefuseTwice(listen is not null && flags.Values.ContainsKey("http"), "addr", "--addr and --http both say where the web side listens", "--http 127.0.0.1:8800");
        RefuseTwice(folder is not null && _common.SaysDirectory(parsed), "cache-folder", "--cache-folder and --data both say where to keep things", "--data /var/lib/likeness");
        OptionSource[] around = _common.IsSaid(parsed) ? _common.Configuration(parsed) : [];
        var kept = folder is not null ? Path.GetFullPath(folder) : _common.SaysDirectory(parsed) ? _common.Directory(parsed) : null;
        var start = new LikenessOptions
        {
            DataDirectory = kept ?? "",
            Http = [new IPEndPoint(IPAddress.Loopback, 8800)],
            Xmpp = [],
            Domains = Domains(portraits, []),
        };
        var read = OptionReader.Read(start, [Source(flags, listen, defaults), .. around]);
        var directory = kept is null ? Directory.CreateTempSubdirectory("likeness-") : null;
        return new Started(
            read with { DataDirectory = kept ?? directory!.FullName, Portraits = portraits, Domains = Domains(portraits, read.Domains) }, directory);
    }

    private static void RefuseTwice(bool isTwice, string key, string problem, string example)
    {
        if (isTwice)
        {
            throw new OptionsRefusedException([new OptionProblem(key, "the command line", problem, example)]);
        }
    }

    private static OptionSource Source(OptionSource said, string? listen, string[] defaults)
    {
        var values = listen is null ? said.Values : said.Values.SetItem("http", [listen]);
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
        var problem = Address.TryParse(address, out _) ? NamedFile.Problem(file) : $"'{address}' is not an address";
        if (problem is not null)
        {
            problems.Add(new OptionProblem("email", "the command line", problem, Example));
            return null;
        }

        return new PortraitFile(address, Path.GetFullPath(file));
    }

    private static ImmutableArray<string> Domains(ImmutableArray<PortraitFile> portraits, ImmutableArray<string> said) =>
        [.. said.Concat(portraits.Select(portrait => Address.Parse(portrait.Address).Domain)).DefaultIfEmpty("localhost").Distinct(StringComparer.Ordinal)];

    /// <summary>Options, and the directory that goes when the server has ended.</summary>
    internal sealed record Started(LikenessOptions Options, DirectoryInfo? Temporary) : IDisposable
    {
        public void Dispose() => Temporary?.Delete(recursive: true);
    }
}
