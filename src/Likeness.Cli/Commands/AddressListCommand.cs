using System.CommandLine;
using Likeness.Server.Administration;

namespace Likeness.Cli.Commands;

internal sealed class AddressListCommand : TeachingCommand
{
    public AddressListCommand(Terminal terminal)
        : base("list", "Lists the addresses of a person, one per line.")
    {
        var person = new Argument<string>("PERSON") { Description = "The account, or an address of the person." };
        Add(person);
        var json = JsonOption.AddTo(this);
        var common = CommonOptions.AddTo(this);
        SetAction(async (parsed, cancellationToken) =>
        {
            var answer = await common.Run(parsed, new ListAddresses(parsed.GetRequiredValue(person)), cancellationToken);
            await json.Write(terminal, parsed, answer, "address");
        });
        Examples = ["likeness address list juliet@example.org"];
    }
}
