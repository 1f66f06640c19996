namespace Likeness.Cli.Commands;

internal sealed class AddressCommand : TeachingCommand
{
    public AddressCommand(Terminal terminal)
        : base("address", "Addresses: by which a person's picture is asked for.")
    {
        Add(new AddressAddCommand(terminal));
        Add(new AddressRemoveCommand(terminal));
        Add(new AddressListCommand(terminal));
        Examples = ["likeness address add juliet@example.org j.capulet@example.org", "likeness address list juliet@example.org"];
    }
}
