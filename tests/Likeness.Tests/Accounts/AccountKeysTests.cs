using Likeness.Accounts;
using Likeness.Stores;
using Likeness.Xmpp.Sasl;

namespace Likeness.Tests.Accounts;

public sealed class AccountKeysTests
{
    private static readonly Identity Juliet = new("juliet@example.org");
    private readonly CountedAccounts _stored = new();

    [Theory]
    [Trait("Requirement", "C-44")]
    [InlineData("juliet@example.org")]
    [InlineData("nobody@example.org")]
    public async Task Who_was_asked_for_is_known_whether_there_is_such_an_account_or_not(string name)
    {
        _stored.Record = RecordOf(Juliet);
        var keys = new AccountKeys(_stored, isShared: false);
        var first = await keys.Find(new Identity(name), default);

        (await keys.Find(new Identity(name), default)).ShouldBeSameAs(first);
        _stored.Reads.ShouldBe(1);
    }

    [Fact]
    public async Task What_others_may_change_is_read_each_time()
    {
        _stored.Record = RecordOf(Juliet);
        var keys = new AccountKeys(_stored, isShared: true);
        await keys.Find(Juliet, default);
        await keys.Find(Juliet, default);

        _stored.Reads.ShouldBe(2);
    }

    [Fact]
    public async Task What_was_read_before_a_change_is_not_kept_behind_it()
    {
        var old = RecordOf(Juliet);
        var changed = RecordOf(Juliet);
        var mayAnswer = new TaskCompletionSource();
        (_stored.Record, _stored.Answers) = (old, mayAnswer.Task);
        var keys = new AccountKeys(_stored, isShared: false);
        var reading = keys.Find(Juliet, default);

        _stored.Record = changed;
        keys.Forget(Juliet);
        mayAnswer.SetResult();

        (await reading).ShouldBeSameAs(old);
        (await keys.Find(Juliet, default)).ShouldBeSameAs(changed);
    }

    private static AccountRecord RecordOf(Identity account)
    {
        var credentials = new ScramCredentials([1], 1, [1], [1]);
        return new AccountRecord(account, credentials, credentials);
    }

    private sealed class CountedAccounts : IAccountStore
    {
        public AccountRecord? Record { get; set; }

        public Task Answers { get; set; } = Task.CompletedTask;

        public int Reads { get; private set; }

        public ValueTask<IReadOnlyList<Identity>> Page(AccountSearch search, string? after, int most, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public async ValueTask<AccountRecord?> Find(Identity account, CancellationToken cancellationToken = default)
        {
            Reads++;
            var found = Record?.Account == account ? Record : null;
            await Answers;
            return found;
        }

        public ValueTask Add(AccountRecord account, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public ValueTask<bool> Update(AccountRecord account, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public ValueTask Complete(AccountRecord whole, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public ValueTask<ScramHashes> Hashes(string domain, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public ValueTask<bool> Remove(Identity account, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<Identity>> List(string domain, bool isDisabled = false, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<Identity>> Page(string domain, string? after, int most, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    }
}
