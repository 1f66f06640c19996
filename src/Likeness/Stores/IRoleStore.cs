using Likeness.Accounts;

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
