using System.Collections.Immutable;
using System.CommandLine;
using Likeness.Libravatar;
using Likeness.Server.Options;

namespace Likeness.Cli;

/// <summary>The small form of <c>serve</c>: a few addresses and their pictures on the web, no accounts, nothing to set up.</summary>
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

    private PersonalNode(Command command)
    {
        command.Add(_listen);
        command.Add(_folder);
        command.Add(_pictures);
    }

    public static PersonalNode AddTo(Command command) => new(command);

    /// <summary>Null when none of its flags was given. Throws <see cref="OptionsRefusedException"/>.</summary>
    public Started? Read(ParseResult parsed)
    {
        var said = parsed.GetValue(_pictures) ?? [];
        var listen = parsed.GetValue(_listen);
        var folder = parsed.GetValue(_folder);
        if (said.Length == 0 && listen is null && folder is null)
        {
            return null;
        }

        var problems = ImmutableArray.CreateBuilder<OptionProblem>();
        var portraits = said.Select(text => Portrait(text, problems)).OfType<PortraitFile>().ToImmutableArray();
        if (problems.Count > 0)
        {
            throw new OptionsRefusedException(problems.ToImmutable());
        }

        var source = new OptionSource(
            "the command line",
            ImmutableDictionary<string, ImmutableArray<string>>.Empty.Add("http", [listen ?? "127.0.0.1:8800"]).Add("xmpp", ["off"]));
        var directory = folder is null ? Directory.CreateTempSubdirectory("likeness-") : null;
        var options = OptionReader.Read(new LikenessOptions { DataDirectory = directory?.FullName ?? Path.GetFullPath(folder!) }, source);
        return new Started(options with { Portraits = portraits, Domains = Domains(portraits) ?? options.Domains }, directory);
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
