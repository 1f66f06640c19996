using Likeness.Stores;

namespace Likeness.Web;

/// <summary>What administrators do on the pages. Whoever carries out the commands' acts implements it: the same acts, the same words in the log.</summary>
public interface IAdministration
{
    /// <summary>Carries the act out in the name of the administrator; durable and in the log before it returns.</summary>
    /// <returns>What there is to hand over, such as a link; null: nothing.</returns>
    /// <exception cref="ActRefusedException">It is not done; the message says why, for the administrator.</exception>
    Task<string?> Carry(AdminAct act, Identity by, CancellationToken cancellationToken = default);
}

/// <summary>One thing an administrator does.</summary>
public abstract record AdminAct
{
    private AdminAct()
    {
    }

    /// <summary>To somebody who is here.</summary>
    public abstract record ToPerson(Identity Person) : AdminAct;

    /// <summary>Takes the picture away from every view.</summary>
    public sealed record Clear(Identity Person, string Reason) : ToPerson(Person);

    /// <summary>Nobody but administrators changes the picture any more; the person reads the reason.</summary>
    /// <param name="Clears">Takes the picture away as well.</param>
    public sealed record Lock(Identity Person, string Reason, bool Clears) : ToPerson(Person);

    public sealed record Unlock(Identity Person) : ToPerson(Person);

    /// <summary>Nobody here shows this picture any more.</summary>
    /// <param name="Picture">Null: the person's portrait.</param>
    public sealed record Block(Identity Person, string Reason, PictureId? Picture = null) : ToPerson(Person);

    /// <summary>Takes the page away on which the person tells of themselves.</summary>
    public sealed record ClearProfile(Identity Person, string Reason) : ToPerson(Person);

    /// <summary>In chats and on the pages.</summary>
    public sealed record EndSessions(Identity Person) : ToPerson(Person);

    /// <summary>The password is enough from now on, for who lost the authenticator.</summary>
    public sealed record EndSecondFactor(Identity Person) : ToPerson(Person);

    /// <summary>Gives the person the picture in this file, on every view.</summary>
    public sealed record SetPicture(Identity Person, ReadOnlyMemory<byte> File) : ToPerson(Person);

    /// <summary>An address that the person asked for is the person's, without a mail that proves it.</summary>
    public sealed record ConfirmAddress(Identity Person, string Address) : ToPerson(Person);

    /// <summary>Nobody logs in any more; everything stays.</summary>
    public sealed record Disable(Identity Person, string Reason) : ToPerson(Person);

    public sealed record Enable(Identity Person) : ToPerson(Person);

    /// <summary>The account goes with everything.</summary>
    public sealed record Remove(Identity Person) : ToPerson(Person);

    /// <summary>Makes somebody operator, or administrator or moderator of a domain.</summary>
    /// <param name="Domain">Null: everywhere, which is for operators.</param>
    public sealed record GiveRole(Identity Person, Role Role, string? Domain) : ToPerson(Person);

    /// <summary>Takes a role back.</summary>
    /// <param name="Domain">Null: that of an operator.</param>
    public sealed record TakeRole(Identity Person, string? Domain) : ToPerson(Person);

    /// <summary>Hands over a link by which an account is opened.</summary>
    /// <param name="Name">Its local part; null: the invited chooses it.</param>
    public sealed record Invite(string? Name, string Domain) : AdminAct;
}

/// <summary>Whether everything works. Whoever looks after the server's health implements it.</summary>
public interface IServerHealth
{
    Task<IReadOnlyList<ServerFinding>> Look(CancellationToken cancellationToken = default);
}

/// <summary>What was found about one thing.</summary>
/// <param name="IsDegraded">It works, and something beside it does not at this moment.</param>
public sealed record ServerFinding(string Name, bool Works, bool IsDegraded, string Text);

/// <summary>The settings that are in force. Whoever read them implements it.</summary>
public interface IServerSettings
{
    /// <summary>Every setting, in groups, with what stands for a domain behind what stands for all.</summary>
    IReadOnlyList<ServerSetting> Read();
}

/// <summary>A setting that is in force.</summary>
/// <param name="Name">With its domain, where it is for one.</param>
/// <param name="Value">As it was said, or what holds when nothing is said; null: a secret, which nobody is shown.</param>
/// <param name="Place">The file with its line, the environment, the command line; null: nobody said it.</param>
public sealed record ServerSetting(string Group, string Name, string? Value, string? Place, string Meaning);

/// <summary>An act that is not done.</summary>
public sealed class ActRefusedException(string message, Exception? inner = null) : Exception(message, inner);
