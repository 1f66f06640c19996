using Likeness.Accounts;
using Likeness.Stores;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Server.Sessions;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Xmpp.Server.Rooms;

/// <summary>XEP-0045 Multi-User Chat 1.35.5: a service of rooms beside each domain.</summary>
internal sealed class Xep0045MultiUserChat(RoomService service, RoomDirectory directory, RoomEntrance entrance, DomainPolicies domains, XmppServerOptions options) : IFeature, IAccountListener
{
    public void Register(FeatureRegistry registry)
    {
        foreach (var name in options.Rooms.ServicesOf(domains))
        {
            registry.Services.Add(name, service);
            registry.ServerItems.Add((name, "Rooms"));
        }

        registry.SessionEnded.Add(session => _ = EndVisits(session));
        registry.OnMessage(MessageStage.Refuse, RefuseBlockedInviter);
    }

    public ValueTask OnClosing(Identity account) => ValueTask.CompletedTask;

    /// <summary>Whoever gets the name next is nothing in the rooms of who had it, unless it was banned.</summary>
    public async ValueTask OnClosed(Identity account)
    {
        foreach (var room in directory.Loaded)
        {
            using var turn = await directory.Enter(room.Address);
            if (turn.Room?.Standings.Find(account.Value) is { Affiliation: not Affiliation.Outcast })
            {
                turn.Room.Take(new RoomAffiliation(account.Value, null));
            }
        }
    }

    // Whoever invites hides behind the room; a block stands against the person all the same.
    private ValueTask RefuseBlockedInviter(MessagePassage passage)
    {
        if (passage.Outcome == MessageOutcome.Open
            && passage.Message.Child("x", Ns.MucUser)?.Child("invite") is { } invite
            && passage.Account is { } account
            && (passage.From is RoomSender { Asker: var inviter } || Jid.TryParse(invite["from"], out inviter))
            && account.Blocks(inviter))
        {
            passage.Refuse();
        }

        return default;
    }

    // Its last presence has been sent before; should it not have arrived, nobody stays in a room as a ghost.
    private async Task EndVisits(Session session)
    {
        foreach (var room in directory.VisitedBy(session.Account.Jid.Text))
        {
            using var turn = await directory.Enter(room.Address);
            if (turn.Room is { } entered && entered.Occupants.Find(session.Jid) is { } ghost && session.Account.SessionOf(session.Jid.Resource!) is null)
            {
                entrance.Leave(entered, ghost, RoomEntrance.Lost());
                entrance.RemoveGhosts(entered);
            }
        }
    }
}

/// <summary>The parts of the rooms.</summary>
internal static class RoomParts
{
    public static IServiceCollection AddRooms(this IServiceCollection services) => services
        .AddSingleton<RoomArchive>()
        .AddSingleton<RoomDirectory>()
        .AddSingleton<RoomPresence>()
        .AddSingleton<RoomEntrance>()
        .AddSingleton<RoomMessages>()
        .AddSingleton<RoomInvitations>()
        .AddSingleton<RoomQuestions>()
        .AddSingleton<RoomAdministration>()
        .AddSingleton<RoomOwning>()
        .AddSingleton<RoomDiscovery>()
        .AddSingleton<RoomModeration>()
        .AddSingleton<RoomRegistration>()
        .AddSingleton<RoomCards>()
        .AddSingleton<RoomService>()
        .AddSingleton<RemoteOccupants>()
        .AddSingleton<IPortraitListener, RoomPortraits>()
        .AddSingleton(provider => new RoomActs(
            provider.GetRequiredService<RoomDirectory>(),
            provider.GetRequiredService<RoomEntrance>(),
            provider.GetRequiredService<RoomAdministration>(),
            provider.GetRequiredService<RoomOwning>(),
            provider.GetRequiredService<IStores>(),
            provider.GetRequiredService<DomainPolicies>(),
            provider.GetRequiredService<XmppServerOptions>()))
        .AddSingleton<Xep0045MultiUserChat>()
        .AddSingleton<IFeature>(provider => provider.GetRequiredService<Xep0045MultiUserChat>())
        .AddSingleton<IAccountListener>(provider => provider.GetRequiredService<Xep0045MultiUserChat>());
}
