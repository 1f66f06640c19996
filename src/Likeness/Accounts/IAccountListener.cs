using Likeness.Stores;

namespace Likeness.Accounts;

/// <summary>A surface on which accounts work.</summary>
public interface IAccountListener
{
    /// <summary>Ends what works in the account's name and lets nothing begin any more; completes when nothing is left that could write. Nothing was removed yet.</summary>
    ValueTask OnClosing(Identity account);

    /// <summary>Nothing of the account is left, and the name may be another's.</summary>
    ValueTask OnClosed(Identity account);

    /// <summary>What was worth something with the old password is so no more. Must not block or throw.</summary>
    void OnPasswordChanged(Identity account)
    {
    }

    /// <summary>Nobody logs in to the account any more: whoever did so is logged out.</summary>
    ValueTask OnDisabled(Identity account) => ValueTask.CompletedTask;

    /// <summary>People log in to the account again.</summary>
    ValueTask OnEnabled(Identity account) => ValueTask.CompletedTask;

    /// <summary>The account was opened by this invitation.</summary>
    ValueTask OnOpened(Identity account, Invitation invitation) => ValueTask.CompletedTask;
}
