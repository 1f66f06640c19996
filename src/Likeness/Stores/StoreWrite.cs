using Likeness.Libravatar;

namespace Likeness.Stores;

/// <summary>One of the writes that make up an act: they are stored in one transaction, all or none.</summary>
public abstract record StoreWrite
{
    private StoreWrite()
    {
    }

    /// <summary>A new account. Refused with <see cref="StoreConflictException"/> when it exists.</summary>
    public sealed record Account(AccountRecord Record) : StoreWrite;

    /// <summary>Another password of an account, as <see cref="IAccountStore.Update"/>. Refused with <see cref="AccountGoneException"/> when it is not there.</summary>
    public sealed record Password(AccountRecord Record) : StoreWrite;

    /// <summary>From now on nobody logs in to the account, and its tokens are gone; or people do again. Refused with <see cref="AccountGoneException"/> when it is not there.</summary>
    /// <param name="Since">Null: people log in again.</param>
    public sealed record Disabling(Identity Person, DateTimeOffset? Since, string? Reason) : StoreWrite;

    /// <summary>An address with its hashes, as <see cref="IPortraitStore.AddAddress"/>.</summary>
    public sealed record Address(Identity Owner, string Text, IReadOnlyList<AddressHash> Hashes) : StoreWrite;

    /// <summary>That a page says whose address it is; without the address nothing.</summary>
    public sealed record Proof(Identity Owner, string Text, AddressProof Content) : StoreWrite;

    /// <summary>A document, or its removal.</summary>
    public sealed record Document(AccountDocument Content) : StoreWrite;

    /// <summary>The file a picture was imported from, as <see cref="IBulkStore.SaveImport"/>.</summary>
    public sealed record Import(Identity Person, byte[] Hash, DateTimeOffset Imported) : StoreWrite;

    /// <summary>A room, as <see cref="IRoomStore.Save"/> without affiliations.</summary>
    public sealed record Room(RoomRecord Record) : StoreWrite;

    /// <summary>An invitation that is used up. Refused with <see cref="InvitationUsedException"/> when it was already.</summary>
    public sealed record UsedInvitation(string Id) : StoreWrite;

    /// <summary>The link of a mail that is used up. Refused with <see cref="LinkUsedException"/> when it was already, or is too old.</summary>
    public sealed record UsedMail(string Id, DateTimeOffset Now) : StoreWrite;

    /// <summary>What was begun and is used up (<see cref="IWebStepStore"/>). Refused with <see cref="LinkUsedException"/> when it was already, or is too old.</summary>
    public sealed record UsedStep(byte[] Browser, string Kind, DateTimeOffset Now) : StoreWrite;

    /// <summary>Who the account is at another site that vouches for people. Refused with <see cref="LinkUsedException"/> when that is somebody's already.</summary>
    public sealed record Provider(ProviderIdentity Identity) : StoreWrite;

    /// <summary>What is known of an account of a server beside this one, as <see cref="IBesideStore.Save"/>.</summary>
    public sealed record Beside(BesideAccount Known) : StoreWrite;

    /// <summary>What a person tells of themselves. Refused with <see cref="AccountGoneException"/> when the account is not there.</summary>
    /// <param name="Content">Null: nothing any more.</param>
    public sealed record Profile(Identity Person, Stores.Profile? Content) : StoreWrite;

    /// <summary>What an administrator did.</summary>
    public sealed record Audit(AuditEntry Entry) : StoreWrite;
}

/// <summary>A change of a portrait and what belongs to it: stored in one transaction, all or nothing.</summary>
/// <param name="Portrait">Its version is the one the change was made from.</param>
public sealed record PortraitWrite(Portrait Portrait)
{
    /// <summary>New pictures; those that the portrait does not refer to are not kept.</summary>
    public IReadOnlyList<Picture> Pictures { get; init; } = [];

    /// <summary>What the pictures were cut from, to be kept beside them; null: nothing.</summary>
    public Picture? Original { get; init; }

    public IReadOnlyList<StoreWrite> Alongside { get; init; } = [];

    /// <summary>The picture that this one replaces is not kept among the person's earlier ones.</summary>
    public bool ForgetsReplaced { get; init; }

    /// <summary>An in-band picture that this one replaces stays as a draft until then; null: it goes at once.</summary>
    public DateTimeOffset? KeepReplacedUntil { get; init; }

    /// <summary>Everything that is readable by its id without being the portrait goes.</summary>
    public bool EndDrafts { get; init; }

    /// <summary>Refused with <see cref="AccountGoneException"/> when the person has no account: it may have been removed a moment ago, and its name is another's then.</summary>
    public bool ByAccount { get; init; }
}
