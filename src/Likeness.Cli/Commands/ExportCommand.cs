using System.CommandLine;
using System.Globalization;
using Likeness.Server;
using Likeness.Server.Administration;
using Likeness.Server.Administration.Bulk;
using Likeness.Server.Control;

namespace Likeness.Cli.Commands;

internal sealed class ExportCommand : TeachingCommand
{
    private readonly Argument<string?> _person = new("ADDRESS") { Description = "An account, e-mail address or OpenID.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _domain = new("--domain") { Description = "Everybody of this domain.", HelpName = "NAME" };
    private readonly Option<bool> _all = new("--all") { Description = "Everybody." };
    private readonly Option<string> _output = new("--output", "-o") { Description = "The file, or for many people the folder, to write.", HelpName = "FILE|DIR", Required = true };
    private readonly Terminal _terminal;

    public ExportCommand(Terminal terminal)
        : base("export", "Writes people's addresses and pictures in the form that every Libravatar server imports.")
    {
        _terminal = terminal;
        Add(_person);
        Options.Add(_domain);
        Options.Add(_all);
        Options.Add(_output);
        Validators.Add(result =>
        {
            var said = (result.GetValue(_person) is null ? 0 : 1) + (result.GetValue(_domain) is null ? 0 : 1) + (result.GetValue(_all) ? 1 : 0);
            if (said != 1)
            {
                result.AddError("Say whom to export: an address, --domain or --all.");
            }
        });
        var common = CommonOptions.AddTo(this);
        SetAction(async (parsed, cancellationToken) =>
        {
            await using var administrator = common.Administrator(parsed);
            var output = parsed.GetRequiredValue(_output);
            if (parsed.GetValue(_person) is { } person)
            {
                await ExportOne(administrator, person, output, cancellationToken);
            }
            else
            {
                await ExportMany(administrator, parsed.GetValue(_domain), output, cancellationToken);
            }
        });
        Examples = ["likeness export juliet@example.org -o juliet.xml.gz", "likeness export --all -o people/"];
    }

    private async Task ExportOne(Administrator administrator, string person, string output, CancellationToken cancellationToken)
    {
        var answer = await administrator.Run(new ExportPerson(person), cancellationToken);
        var path = Directory.Exists(output) ? Path.Combine(output, answer.Text) : output;
        await File.WriteAllBytesAsync(path, answer.Picture!, cancellationToken);
        await _terminal.Out.WriteLineAsync(path);
    }

    private async Task ExportMany(Administrator administrator, string? domain, string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var count = 0;
        await Progress.Show(_terminal, "Exporting", 0, async advance =>
        {
            string? next = null;
            do
            {
                var page = await administrator.Run(new ListPeople(domain, next), cancellationToken);
                foreach (var person in page.Accounts!)
                {
                    var answer = await ExportOf(administrator, person, cancellationToken);
                    if (answer is not null)
                    {
                        await File.WriteAllBytesAsync(Path.Combine(folder, answer.Text), answer.Picture!, cancellationToken);
                        count++;
                        advance(1);
                    }
                }

                next = page.Next;
            }
            while (next is not null);
        });
        await _terminal.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{count} people exported to {folder}."));
    }

    // Somebody who had a picture once and has no address is listed, but there is nothing to export; so is who went meanwhile.
    private static async Task<Answer?> ExportOf(Administrator administrator, string person, CancellationToken cancellationToken)
    {
        try
        {
            return await administrator.Run(new ExportPerson(person), cancellationToken);
        }
        catch (OperationRefusedException)
        {
            return null;
        }
    }
}
