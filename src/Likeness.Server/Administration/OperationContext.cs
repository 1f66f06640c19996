using Likeness.Accounts;
using Likeness.Beside;
using Likeness.Http.Health;
using Likeness.Imaging;
using Likeness.Server.Blocks;
using Likeness.Stores;
using Likeness.Xmpp.Server.Accounts;
using Likeness.Xmpp.Server.Features;
using Likeness.Xmpp.Server.Features.Import;
using Likeness.Xmpp.Server.Federation;
using Likeness.Xmpp.Server.Rooms;

namespace Likeness.Server.Administration;

/// <summary>What operations work with.</summary>
/// <param name="Served">The domains in force; null when nobody said any: then every domain is accepted.</param>
public sealed record OperationContext(IStores Stores, PortraitBook Book, AccountBook Accounts, AddressBook Addresses, PortraitActs Portraits, DomainPolicies? Served)
{
    public required string DataDirectory { get; init; }

    public required PictureGuard Guard { get; init; }

    public required RoomActs Rooms { get; init; }

    public required ProfileBook Profiles { get; init; }

    /// <summary>Who administers.</summary>
    public required RoleBook Roles { get; init; }

    public required SecondFactors SecondFactors { get; init; }

    public required LoginTokens Tokens { get; init; }

    public required InvitationBook Invitations { get; init; }

    /// <summary>How invitations are handed over.</summary>
    public required InvitationLinks InvitationLinks { get; init; }

    /// <summary>Who is logged in; null where this process serves no chats.</summary>
    public SessionActs? Sessions { get; init; }

    /// <summary>What people are told when they come; null where this process serves no chats.</summary>
    public MessagesOfTheDay? MessagesOfTheDay { get; init; }

    /// <summary>Takes people from other servers; null where this process serves no chats.</summary>
    public AccountImport? Imports { get; init; }

    /// <summary>Changes the form of pictures that leave.</summary>
    public required IImageRenderer Renderer { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Of the running server; null when none runs.</summary>
    public HealthReport? Health { get; init; }

    /// <summary>Of the running server; null when none runs, or it talks to no others.</summary>
    public FederationStatus? Federation { get; init; }

    /// <summary>Of the running server; null when none runs, or it stands beside no other.</summary>
    public IReadOnlyList<BesideServer>? Beside { get; init; }

    /// <summary>To be called when the list of webhooks is another one.</summary>
    public Func<CancellationToken, Task> WebhooksChanged { get; init; } = _ => Task.CompletedTask;

    /// <summary>Who asks, for the audit log: a user of the operating system, <c>token NAME</c>, or an account that administers by chat.</summary>
    public string By { get; init; } = Environment.UserName;

    /// <summary>What operations give as the reason of a change.</summary>
    public Cause Cause => new(Origin.Command, By);
}
