using System.CommandLine;
using Likeness.Server.Administration;

namespace Likeness.Cli.Commands;

internal sealed class AddressAddCommand : TeachingCommand
{
    public AddressAddCommand(Terminal terminal)
        : base("add", "Gives a person one more address that shows the picture.")
    {
        var person = new Argument<string>("PERSON") { Description = "The account, or an address of the person." };
        var address = new Argument<string>("ADDRESS") { Description = "An e-mail address or OpenID." };
        var trust = new Option<bool>("--trust-addresses") { Description = "Take an address of a domain that is not served here as confirmed." };
        Add(person);
        Add(address);
        Add(trust);
        var common = CommonOptions.AddTo(this);
        SetAction(async (parsed, cancellationToken) =>
        {
            var operation = new AddAddress(parsed.GetRequiredValue(person), parsed.GetRequiredValue(address), parsed.GetValue(trust));
            await terminal.Out.WriteLineAsync((await common.Run(parsed, operation, cancellationToken)).Text);
        });
        Examples =
        [
            "likeness address add juliet@example.org j.capulet@example.org",
            "likeness address add juliet@example.org https://juliet.example.net/ --trust-addresses",
        ];
    }
}
