using System.CommandLine;
using Likeness.Cli.Importing;
using Likeness.Libravatar;
using Likeness.Server;

namespace Likeness.Cli.Commands;

internal sealed class ImportCommand : TeachingCommand
{
    private readonly Argument<string> _source = new("SOURCE") { Description = "A folder of pictures named by address (juliet@example.org.jpg), a Libravatar export, or what another chat server exported (XEP-0227).", HelpName = "DIR|FILE" };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Say what would be done, address by address, and do nothing." };
    private readonly Option<string?> _domain = new("--domain") { Description = "Only addresses of this domain.", HelpName = "NAME" };
    private readonly Option<string?> _owner = new("--owner") { Description = "The account that the addresses of the source belong to.", HelpName = "ACCOUNT" };
    private readonly Option<bool> _trust = new("--trust-addresses") { Description = "Take addresses of domains that are not served here as confirmed." };
    private readonly Option<bool> _again = new("--again") { Description = "Set pictures even if their file is the same as last time." };

    public ImportCommand(Terminal terminal)
        : base("import", "Imports many pictures, what a person brings from another Libravatar server, or people with everything of them from another chat server. Can be repeated: what did not change is left alone.")
    {
        Add(_source);
        Options.Add(_dryRun);
        Options.Add(_domain);
        Options.Add(_owner);
        Options.Add(_trust);
        Options.Add(_again);
        var json = JsonOption.AddTo(this);
        var common = CommonOptions.AddTo(this);
        SetAction(async (parsed, cancellationToken) =>
        {
            var source = parsed.GetRequiredValue(_source);
            var settings = new ImportSettings(parsed.GetValue(_dryRun), parsed.GetValue(_trust), parsed.GetValue(_again), parsed.GetValue(_owner), json.Wanted(parsed));
            if (IsOfChatServer(source))
            {
                await using var chats = common.Administrator(parsed);
                return await new AccountImportRun(chats, terminal, settings.DryRun, settings.Json).Run(ServerExport.Files(source), parsed.GetValue(_domain), cancellationToken);
            }

            if (Directory.Exists(source) && ProsodyRoom.Files(source) is { Count: > 0 } rooms)
            {
                await using var chats = common.Administrator(parsed);
                return await new RoomImportRun(chats, terminal, settings.DryRun).Run(rooms, parsed.GetValue(_domain), cancellationToken);
            }

            var (items, total) = Items(source, settings.Owner);
            if (parsed.GetValue(_domain) is { } domain)
            {
                items = items.Where(item => IsOf(item, domain));
            }

            await using var administrator = common.Administrator(parsed);
            using var run = new ImportRun(administrator, settings, terminal);
            return await run.Run(items, total, cancellationToken);
        });
        Examples =
        [
            "likeness import portraits/ --dry-run",
            "likeness import portraits/ --domain example.org",
            "likeness import prosody-export/ --dry-run",
            "likeness import libravatar-export_juliet.xml.gz --owner juliet@example.org --trust-addresses",
        ];
    }

    // Pictures are no XML, and exports of pictures are packed.
    private static bool IsOfChatServer(string source) => Directory.Exists(source)
        ? Directory.EnumerateFiles(source).Any() && Directory.EnumerateFiles(source).All(path => path.EndsWith(".xml", StringComparison.OrdinalIgnoreCase))
        : File.Exists(source) && source.EndsWith(".xml", StringComparison.OrdinalIgnoreCase);

    private static (IEnumerable<ImportItem> Items, long Total) Items(string source, string? owner)
    {
        if (Directory.Exists(source))
        {
            return (ImportFolder.Items(source, owner), ImportFolder.Files(source).LongCount());
        }

        if (!File.Exists(source))
        {
            throw new OperationRefusedException($"There is no folder and no file '{source}'.");
        }

        var items = ExportedPeople.Read(source, owner);
        return (items, items.Count);
    }

    private static bool IsOf(ImportItem item, string domain) =>
        item.Problem is not null || (Address.TryParse(item.Address, out var address) && address.Domain.Equals(domain, StringComparison.OrdinalIgnoreCase));
}
