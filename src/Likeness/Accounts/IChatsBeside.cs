using Likeness.Limits;

namespace Likeness.Accounts;

/// <summary>Chat servers beside this one: their people have their accounts and passwords there.</summary>
public interface IChatsBeside
{
    /// <summary>Whether the accounts of the domain are on one of them.</summary>
    bool Serves(string domain);

    /// <summary>A chat address of the domain is a mail address of the same person, too.</summary>
    bool AddressesAreTheSame(string domain);

    /// <summary>Whether this is the person's password there. The chat server is asked, and nothing of the password is kept.</summary>
    /// <exception cref="AccountRefusedException">Too many were wrong, or the chat server cannot be asked.</exception>
    ValueTask<bool> Verify(Identity person, string password, ClientKey client, CancellationToken cancellationToken = default);

    /// <summary>Whether what a person shows here is in chats, too; null: the person is on none of them.</summary>
    ValueTask<ChatStanding?> StandingOf(Identity person, CancellationToken cancellationToken = default);

    /// <summary>Pictures of people of the domain are changed in chats, too, as far as is known: while the chat server is away nobody knows otherwise.</summary>
    bool Writes(string domain);

    /// <summary>People of the domain can be written to at this moment.</summary>
    bool Reaches(string domain);

    /// <summary>Writes to a person in chats, in this server's name. False: it did not go out, or the person is on none of them.</summary>
    ValueTask<bool> Tell(Identity person, string text, CancellationToken cancellationToken = default);
}

/// <summary>Where the portrait of somebody on a chat server beside this one is.</summary>
public enum ChatStanding
{
    /// <summary>Here and in chats: the chat server has acknowledged it, or it came from there.</summary>
    InChats,

    /// <summary>It is durable here and waits for the chat server.</summary>
    Waiting,

    /// <summary>The chat server lets nothing be written: in chats people change their picture themselves.</summary>
    OnlyHere,
}
