using System.Collections.Concurrent;
using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Server.Avatars;
using Likeness.Xmpp.Xml;
using Microsoft.Extensions.Logging;

namespace Likeness.Xmpp.Server.Rooms;

/// <summary>
/// Shows a changed portrait in the rooms its owner is in: once for all changes within a second, and to nobody when it looks the same
/// there. In a room everybody is a stranger: only what is for everybody is shown (XEP-0398 §8).
/// </summary>
internal sealed partial class RoomPortraits(
    RoomDirectory directory, RoomEntrance entrance, RoomPresence presences, RoomOwning owning, AvatarService avatars, XmppServerOptions options, TimeProvider time, ILogger<RoomPortraits> log) : IPortraitListener
{
    // At most one for each person who is in a room.
    private readonly ConcurrentDictionary<Identity, Pending> _pending = new();

    public void OnPortraitChanged(PortraitChanged change)
    {
        if (directory.Find(change.Identity.Value) is { } room)
        {
            _ = TellRoom(room);
            return;
        }

        if (!directory.VisitedBy(change.Identity.Value).Any())
        {
            return;
        }

        // Portraits of one person change one after another, so nobody else adds the same one.
        if (_pending.TryGetValue(change.Identity, out var pending))
        {
            pending.IsNewPicture |= change.PictureChanged;
            return;
        }

        _pending[change.Identity] = pending = new Pending { IsNewPicture = change.PictureChanged };
        pending.Timer = time.CreateTimer(_ => Show(change.Identity), null, options.PresenceCoalescing, Timeout.InfiniteTimeSpan);
    }

    // The picture of a room itself (XEP-0486 §3): clients look again when they are told that something is different.
    private async Task TellRoom(Room room)
    {
        // Whoever holds the room's turn may be the one who waits for this change to be told.
        await Task.Yield();
        using var turn = await directory.Enter(room.Address);
        if (turn.Room is { } entered)
        {
            await entered.Said;
            owning.TellChange(entered, 104);
            entrance.RemoveGhosts(entered);
        }
    }

    private void Show(Identity person)
    {
        if (_pending.TryRemove(person, out var pending))
        {
            pending.Timer?.Dispose();
            _ = Show(person, pending.IsNewPicture);
        }
    }

    private async Task Show(Identity person, bool isNewPicture)
    {
        try
        {
            foreach (var room in directory.VisitedBy(person.Value))
            {
                using var turn = await directory.Enter(room.Address);
                if (turn.Room is { } entered)
                {
                    await entered.Said;
                    var stamp = (await avatars.See(person)).For(AvatarRelation.Stranger).Stamp;
                    Show(entered, person.Value, stamp, isNewPicture);
                    entrance.RemoveGhosts(entered);
                }
            }
        }
#pragma warning disable CA1031 // Nobody waits for this; the portrait is stored, and the next presence shows it.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Log.NotShown(log, person.Value, fault);
        }
    }

    private void Show(Room room, string person, AvatarStamp stamp, bool isNewPicture)
    {
        foreach (var session in room.SessionsOf(person))
        {
            var presence = Stamped(session, stamp, isNewPicture);
            if (ReferenceEquals(presence, session.Presence) || presence.ToString() == session.Presence.ToString())
            {
                continue;
            }

            if (session.Occupant.Update(session, presence))
            {
                presences.Show(room, session.Occupant);
            }
        }
    }

    // A client's "no picture" counts until its picture changes; the room's own, where one may not be seen any more, until it may.
    private static Element Stamped(OccupantSession session, AvatarStamp stamp, bool isNewPicture)
    {
        var presence = session.Presence;
        if (AvatarStamp.IsOptOut(presence) && !session.IsPictureWithdrawn && !isNewPicture)
        {
            return presence;
        }

        var shows = Xep0153VCardAvatars.Read(presence).Kind == PhotoUpdateKind.Picture;
        if (stamp.State == AvatarState.Undisclosed && (shows || session.IsPictureWithdrawn))
        {
            session.IsPictureWithdrawn = true;
            return shows ? AvatarStamp.Removed.Apply(AvatarStamp.WithoutOptOut(presence)) : presence;
        }

        session.IsPictureWithdrawn = false;
        return stamp.Apply(AvatarStamp.WithoutOptOut(presence));
    }

    private sealed class Pending
    {
        public bool IsNewPicture { get; set; }

        public ITimer? Timer { get; set; }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The new portrait of {Person} could not be shown in rooms")]
        public static partial void NotShown(ILogger logger, string person, Exception exception);
    }
}
