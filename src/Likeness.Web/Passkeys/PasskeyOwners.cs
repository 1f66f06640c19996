using Likeness.Stores;
using Microsoft.AspNetCore.Identity;

namespace Likeness.Web.Passkeys;

/// <summary>An account as authenticators know it.</summary>
internal sealed record PasskeyOwner(Identity Account, string Handle);

/// <summary>What ASP.NET Core Identity asks about passkeys and whose they are. It changes nothing.</summary>
internal sealed class PasskeyOwners(IPasskeyStore stored) : IUserPasskeyStore<PasskeyOwner>
{
    public Task<string> GetUserIdAsync(PasskeyOwner user, CancellationToken cancellationToken) => Task.FromResult(user.Handle);

    public Task<string?> GetUserNameAsync(PasskeyOwner user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Account.Value);

    public async Task<PasskeyOwner?> FindByIdAsync(string userId, CancellationToken cancellationToken) =>
        await stored.OwnerOf(userId, cancellationToken) is { } account ? new PasskeyOwner(account, userId) : null;

    public async Task<PasskeyOwner?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken) =>
        await stored.Find(credentialId, cancellationToken) is { } passkey ? new PasskeyOwner(passkey.Account, passkey.Handle) : null;

    public async Task<UserPasskeyInfo?> FindPasskeyAsync(PasskeyOwner user, byte[] credentialId, CancellationToken cancellationToken) =>
        await stored.Find(credentialId, cancellationToken) is { } passkey && passkey.Account == user.Account ? InfoOf(passkey) : null;

    public async Task<IList<UserPasskeyInfo>> GetPasskeysAsync(PasskeyOwner user, CancellationToken cancellationToken) =>
        [.. (await stored.List(user.Account, cancellationToken)).Select(InfoOf)];

    public void Dispose()
    {
    }

    public Task AddOrUpdatePasskeyAsync(PasskeyOwner user, UserPasskeyInfo passkey, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task RemovePasskeyAsync(PasskeyOwner user, byte[] credentialId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task SetUserNameAsync(PasskeyOwner user, string? userName, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<string?> GetNormalizedUserNameAsync(PasskeyOwner user, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task SetNormalizedUserNameAsync(PasskeyOwner user, string? normalizedName, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IdentityResult> CreateAsync(PasskeyOwner user, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IdentityResult> UpdateAsync(PasskeyOwner user, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IdentityResult> DeleteAsync(PasskeyOwner user, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<PasskeyOwner?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) => throw new NotSupportedException();

    // What was attested is of no use afterwards, and not kept.
    private static UserPasskeyInfo InfoOf(Passkey passkey) => new(
        passkey.Id, passkey.PublicKey, passkey.Created, (uint)passkey.Counter, [.. passkey.Transports], isUserVerified: true, passkey.MayBeBackedUp, passkey.IsBackedUp, [], [])
    {
        Name = passkey.Name,
    };
}
