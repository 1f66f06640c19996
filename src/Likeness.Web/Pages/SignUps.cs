using Likeness.Accounts;
using Likeness.Stores;
using Likeness.Web.Language;
using Likeness.Web.Visits;
using Microsoft.AspNetCore.Http;

namespace Likeness.Web.Pages;

/// <summary>Accounts that people open on the pages, by themselves or invited; whoever does is in at once.</summary>
internal sealed class SignUps(AccountBook accounts, Entrance entrance, DomainPolicies policies, PageOptions options, TimeProvider time)
{
    /// <summary>Whether anybody may open an account of the domain: not where its accounts are on another chat server.</summary>
    public bool IsOpen(string domain) => options.OpensAccounts && policies.ServesChats(domain);

    /// <summary>What a browser has to work on first; null: nothing.</summary>
    public string? WorkFor(Visitor visitor) => accounts.IsBusy(visitor.Client) ? SignUpWork.Task(visitor, time.GetUtcNow()) : null;

    /// <summary>The browser has done what it had to, or had to do nothing.</summary>
    public bool IsWorkDone(Visitor visitor, string? name, string? answer) =>
        !accounts.IsBusy(visitor.Client) || SignUpWork.IsDone(visitor, time.GetUtcNow(), name?.Trim() ?? "", answer);

    /// <summary>Opens the account and lets its owner in.</summary>
    /// <returns>Where the browser goes on to.</returns>
    /// <inheritdoc cref="AccountBook.Register"/>
    public async Task<string> Open(HttpContext context, string? name, string domain, string? password, byte[]? invited = null, Func<Identity, ValueTask<StoreWrite[]>>? alongside = null)
    {
        var account = await accounts.Register(LocalOf(name, domain), domain, password ?? "", context.Visitor().Client, invited, alongside, CancellationToken.None);
        return await entrance.Enter(context, account, SignInMeans.Password, "/me/picture") ?? "/sign-in";
    }

    /// <summary>The fields of a form that opens an account.</summary>
    public NewAccount Form(Words words, string? name, string domain, string? work, string? problem) => new(words, name, domain, options.MinPasswordCharacters, work, problem is not null);

    /// <summary>A name as it was typed, with or without the domain behind it.</summary>
    public static string LocalOf(string? name, string domain)
    {
        var typed = name?.Trim() ?? "";
        return typed.EndsWith("@" + domain, StringComparison.OrdinalIgnoreCase) ? typed[..^(domain.Length + 1)] : typed;
    }
}

/// <summary>What a form says that opens an account.</summary>
/// <param name="Name">That was typed.</param>
/// <param name="Work">What the browser has to work on; null: nothing.</param>
/// <param name="HasProblem">The page says what was wrong.</param>
internal sealed record NewAccount(Words T, string? Name, string Domain, int MinPassword, string? Work, bool HasProblem)
{
    /// <summary>The name is given and not to be chosen.</summary>
    public bool IsGiven { get; init; }
}
