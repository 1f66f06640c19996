using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Server.Tests.Play;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Xmpp.Server.Tests;

public sealed class RosterOrderTests
{
    private static readonly string[] Acts =
    [
        "<presence to='{0}' type='subscribe'/>",
        "<presence to='{0}' type='subscribed'/>",
        "<iq type='set' id='r'><query xmlns='jabber:iq:roster'><item jid='{0}' name='{1}'/></query></iq>",
        "<presence to='{0}' type='unsubscribe'/>",
        "<presence to='{0}' type='unsubscribed'/>",
        "<iq type='set' id='d'><query xmlns='jabber:iq:roster'><item jid='{0}' subscription='remove'/></query></iq>",
    ];

    [Theory]
    [Trait("Requirement", "C-102")]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [Trait("Category", "Slow")]
    public async Task Rosters_changed_from_all_sides_at_once_are_stored_as_they_are_in_memory(int seed)
    {
        await using var scene = new Scene();
        await Performance.Play(scene, Transcript.Parse("cast",
        [
            "juliet and romeo are users", "juliet/a comes online", "juliet/b comes online", "romeo/a comes online", "romeo/b comes online",
        ]));
        var random = new Random(seed);

        for (var round = 0; round < 100; round++)
        {
            foreach (var actor in scene.Actors)
            {
                var contact = CastSteps.Address(actor.Name.StartsWith("juliet", StringComparison.Ordinal) ? "romeo" : "juliet");
                await actor.Send(string.Format(Acts[random.Next(Acts.Length)], contact, round));
            }
        }

        await scene.FenceAll();
        await ShouldBeStoredAsInMemory(scene, "juliet", "romeo");
        await ShouldBeStoredAsInMemory(scene, "romeo", "juliet");
        scene.ServerErrors.ShouldBeEmpty();
    }

    [Fact]
    [Trait("Requirement", "C-155")]
    public async Task A_registered_account_answers_for_its_address_on_the_web()
    {
        await using var scene = new Scene();
        await Performance.Play(scene, Transcript.Parse("registration",
        [
            "registration is open",
            "mercutio opens a stream",
            "mercutio receives",
            "    <stream:features/>",
            "mercutio sends",
            "    <iq type='set' id='1'><query xmlns='jabber:iq:register'><username>mercutio</username><password>secret</password></query></iq>",
            "mercutio receives",
            "    <iq type='result' id='1'/>",
        ]));

        var portraits = (await scene.Server()).Stores.Portraits;
        foreach (var hash in new[] { Libravatar.AddressHash.Md5("mercutio@localhost"), Libravatar.AddressHash.Sha256("mercutio@localhost") })
        {
            (await portraits.Resolve(hash)).ShouldBe(new Identity("mercutio@localhost"));
        }
    }

    private static async Task ShouldBeStoredAsInMemory(Scene scene, string owner, string contact)
    {
        var server = await scene.Server();
        var address = Jid.Parse(CastSteps.Address(owner));
        var account = server.Services.GetRequiredService<AccountDirectory>().FindLoaded(address.Text);
        var inMemory = account!.Roster.Find(Jid.Parse(CastSteps.Address(contact)));
        var stored = (await server.Stores.Rosters.Load(new Identity(address.Text))).SingleOrDefault();
        (stored?.Name, (Subscription)(stored?.Subscription ?? (int)Subscription.None), stored?.Asking ?? false, stored?.PendingIn is null)
            .ShouldBe((inMemory?.Name, inMemory?.Subscription ?? Subscription.None, inMemory?.Asking ?? false, inMemory?.PendingIn is null));
    }
}
