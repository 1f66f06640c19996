using Likeness.Xmpp.Server.Sessions;

namespace Likeness.Xmpp.Server.Tests.Sessions;

public sealed class RosterTests
{
    private const int Contacts = 200;
    private const int Changes = 5_000;

    [Fact]
    [Trait("Requirement", "C-111")]
    public async Task Whoever_is_removed_is_no_subscriber_any_more_however_many_read_at_that_moment()
    {
        var roster = new Roster([]);
        var contacts = Enumerable.Range(0, Contacts).Select(number => Item($"contact{number}@localhost")).ToArray();
        foreach (var contact in contacts)
        {
            roster.Put(contact);
        }

        using var end = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 2).Select(_ => Task.Run(() => ReadUntil(roster, end.Token))).ToArray();
        var stale = 0;
        for (var change = 0; change < Changes; change++)
        {
            var contact = contacts[change % Contacts];
            roster.Remove(contact.Contact);

            // A reader that began before has its list finished by now.
            Thread.SpinWait(2_000);
            stale += roster.Subscribers.Any(subscriber => subscriber.Contact == contact.Contact) ? 1 : 0;
            roster.Put(contact);
            stale += roster.Subscribers.Count == Contacts ? 0 : 1;
        }

        await end.CancelAsync();
        await Task.WhenAll(readers);
        stale.ShouldBe(0);
    }

    [Fact]
    [Trait("Requirement", "C-225")]
    public void The_size_follows_every_change()
    {
        var roster = new Roster([Roster.ToRecord(Item("romeo@localhost"))]);
        roster.Put(Item("nurse@localhost") with { Name = "Ämme", Groups = ["Haus"] });
        roster.Put(Item("paris@localhost") with { Subscription = Subscription.None, Listed = false, PendingIn = "<presence/>" });
        roster.Size.ShouldBe(new RosterSize(2, 15 + 15 + 5 + 4, 1, 11));

        roster.Put(Item("nurse@localhost"));
        roster.Remove(Jid.Parse("paris@localhost"));
        roster.Remove(Jid.Parse("nobody@localhost"));
        roster.Size.ShouldBe(new RosterSize(2, 30, 0, 0));
    }

    private static void ReadUntil(Roster roster, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            _ = roster.Subscribers.Count;
        }
    }

    private static RosterItem Item(string contact) => new() { Contact = Jid.Parse(contact), Subscription = Subscription.Both };
}
