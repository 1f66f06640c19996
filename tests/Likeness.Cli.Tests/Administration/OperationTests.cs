using Likeness.Accounts;
using Likeness.Imaging;
using Likeness.Server;
using Likeness.Server.Administration;
using Likeness.Storage;
using Likeness.Stores;

namespace Likeness.Cli.Tests.Administration;

public sealed class OperationTests
{
    public static TheoryData<Exception> ForPeople =>
    [
        new ImageRefusedException(RefusalReason.UnknownFormat, "It is no picture."),
        new RenderUnavailableException("Nobody renders."),
        new AccountRefusedException(AccountRefusal.Taken, "It exists already."),
        new StoreConflictException("It belongs to somebody else already."),
        new StorageException("The disk is full."),
    ];

    [Theory]
    [MemberData(nameof(ForPeople), DisableDiscoveryEnumeration = true)]
    public async Task What_is_said_for_people_reaches_the_operator_as_it_is(Exception fault)
    {
        var refused = await Should.ThrowAsync<OperationRefusedException>(new Failing(fault).Carry(null!, CancellationToken.None));

        refused.Message.ShouldBe(fault.Message);
    }

    [Fact]
    public async Task A_fault_of_ours_is_not_passed_off_as_a_refusal() =>
        await Should.ThrowAsync<InvalidOperationException>(new Failing(new InvalidOperationException("inside")).Carry(null!, CancellationToken.None));

    private sealed record Failing(Exception Fault) : Operation
    {
        protected override Task<Answer> Run(OperationContext context, CancellationToken cancellationToken) => throw Fault;
    }
}
