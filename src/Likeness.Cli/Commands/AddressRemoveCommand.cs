using System.CommandLine;
using Likeness.Server.Administration;

namespace Likeness.Cli.Commands;

internal sealed class AddressRemoveCommand : TeachingCommand
{
    public AddressRemoveCommand(Terminal terminal)
        : base("remove", "Takes an address away from a person; it shows no picture any more.")
    {
        var person = new Argument<string>("PERSON") { Description = "The account, or an address of the person." };
        var address = new Argument<string>("ADDRESS") { Description = "The address to take away." };
        Add(person);
        Add(address);
        var common = CommonOptions.AddTo(this);
        SetAction(async (parsed, cancellationToken) =>
        {
            var operation = new RemoveAddress(parsed.GetRequiredValue(person), parsed.GetRequiredValue(address));
            await terminal.Out.WriteLineAsync((await common.Run(parsed, operation, cancellationToken)).Text);
        });
        Examples = ["likeness address remove juliet@example.org j.capulet@example.org"];
    }
}
