using Likeness.Stores;

namespace Likeness.Xmpp.Server.Streams;

/// <summary>What the server knows for checking logins.</summary>
public sealed class Authentication(IStores stores, LoginAttempts attempts)
{
    public IStores Stores => stores;

    public LoginAttempts Attempts => attempts;

    public IEnumerable<string> Mechanisms(bool secured) => secured ? ["SCRAM-SHA-1", "PLAIN"] : ["PLAIN"];
}
