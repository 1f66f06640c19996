using System.Text.Json;
using Likeness.Accounts;
using Likeness.Stores;

namespace Likeness.Web.Visits;

/// <summary>Sign-ins between the password and the second factor. They wait for the browser that showed the password, for minutes, and give it nothing yet.</summary>
internal sealed class SecondSteps(SecondFactors factors, IWebStepStore steps, TimeProvider time)
{
    /// <summary>How long a sign-in waits for its second half.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromMinutes(10);

    private const string Kind = "second factor";

    /// <summary>False: the account asks for nothing more.</summary>
    public async ValueTask<bool> Begin(Visitor visitor, ProvenAccount proven, SignInMeans means, string? back)
    {
        if (await factors.Find(proven.Account) is null)
        {
            return false;
        }

        await Put(visitor, new SecondStep(proven.Account.Value, proven.Key, back, time.GetUtcNow() + Timeout, means));
        return true;
    }

    /// <summary>What the browser has begun, which is then forgotten.</summary>
    public async ValueTask<SecondStep?> Take(Visitor visitor) =>
        await steps.Take(visitor.Browser, Kind, time.GetUtcNow(), CancellationToken.None) is { } state ? JsonSerializer.Deserialize<SecondStep>(state) : null;

    /// <summary>Keeps it for another try, and no longer than before.</summary>
    public ValueTask<bool> Put(Visitor visitor, SecondStep step) =>
        steps.Put(new WebStep(visitor.Browser, Kind, JsonSerializer.Serialize(step), step.Until), CancellationToken.None);
}

/// <summary>The first half of a sign-in.</summary>
/// <param name="Key">Of the password that was shown.</param>
/// <param name="Back">Where to go on to.</param>
/// <param name="Until">So long it waits.</param>
/// <param name="First">What was shown first.</param>
internal sealed record SecondStep(string Account, byte[] Key, string? Back, DateTimeOffset Until, SignInMeans First = SignInMeans.Password)
{
    public ProvenAccount Proven => new(new Identity(Account), Key);

    /// <summary>What both halves are together: a code makes no password of a mail, or of another site's word.</summary>
    public SignInMeans Means => First == SignInMeans.Password ? SignInMeans.PasswordAndCode : First;
}
