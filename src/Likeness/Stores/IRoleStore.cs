namespace Likeness.Stores;

/// <summary>Who was made operator, administrator or moderator by a command or on a page. Roles go with the account.</summary>
public interface IRoleStore
{
    /// <summary>All that are kept.</summary>
    const int MaxRoles = 1_000;

    /// <summary>What an account holds.</summary>
    ValueTask<IReadOnlyList<HeldRole>> Of(Identity account, CancellationToken cancellationToken = default);

    /// <summary>Everybody's, by name.</summary>
    ValueTask<IReadOnlyList<HeldRole>> List(CancellationToken cancellationToken = default);

    /// <summary>Gives a role, in place of one that the account holds for the same domain. Refused with <see cref="AccountGoneException"/> when it is not there.</summary>
    /// <returns>False: <see cref="MaxRoles"/> are kept already.</returns>
    ValueTask<bool> Give(HeldRole role, CancellationToken cancellationToken = default);

    /// <summary>False: the account holds none there.</summary>
    /// <param name="domain">Null: the role for all domains.</param>
    ValueTask<bool> Take(Identity account, string? domain, CancellationToken cancellationToken = default);
}

/// <summary>What somebody is beside being a person of the server.</summary>
public enum Role
{
    /// <summary>Looks after the pictures of a domain, and what was reported of them.</summary>
    Moderator,

    /// <summary>Looks after the people of a domain, too.</summary>
    Administrator,

    /// <summary>Does everything, in all domains.</summary>
    Operator,
}

/// <summary>A role that somebody was given.</summary>
/// <param name="Domain">Whose people it is about; null: everybody, for an operator and nobody else.</param>
/// <param name="By">Who gave it.</param>
public sealed record HeldRole(Identity Account, Role Role, string? Domain, string By, DateTimeOffset Since);
