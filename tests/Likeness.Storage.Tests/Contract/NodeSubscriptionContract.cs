using Likeness.Storage.Tests.Databases;
using Likeness.Stores;

namespace Likeness.Storage.Tests.Contract;

[Trait("Requirement", "X84-40")]
public abstract class NodeSubscriptionContract(TestDatabase database) : StoreContract(database)
{
    private static readonly NodeSubscription Orchard = new(Juliet, "mood", "romeo@example.org/orchard");
    private static readonly NodeSubscription Bare = Orchard with { Address = "romeo@example.org" };
    private static readonly NodeSubscription Nurse = Orchard with { Address = "nurse@example.org" };

    protected override Identity[] People => [Juliet, Romeo];

    [Fact]
    public async Task Subscriptions_are_found_by_node_and_by_subscriber()
    {
        var own = new NodeSubscription(Romeo, "tune", "romeo@example.org/orchard");
        foreach (var subscription in (NodeSubscription[])[Orchard, Bare, Nurse, own, Orchard])
        {
            (await Add(subscription)).ShouldBeTrue();
        }

        await Reopen();
        (await Stores.NodeSubscriptions.To(Juliet, "mood")).ShouldBe([Orchard, Bare, Nurse], ignoreOrder: true);
        (await Stores.NodeSubscriptions.To(Juliet, "tune")).ShouldBeEmpty();
        (await Stores.NodeSubscriptions.By("romeo@example.org")).ShouldBe([Orchard, Bare, own], ignoreOrder: true);
        (await Stores.NodeSubscriptions.By("romeo@example.or")).ShouldBeEmpty();
        (await Stores.NodeSubscriptions.Nodes(Juliet)).ShouldBe(["mood"]);
    }

    [Fact]
    public async Task A_subscription_ends_alone_or_with_its_node()
    {
        await Stores.Nodes.Save(Juliet, new NodeRecord("mood", AccessModel.Open, true, 1, "never", null), 1000);
        foreach (var subscription in (NodeSubscription[])[Orchard, Bare, Nurse, Nurse with { Node = "urn:xmpp:avatar:metadata" }])
        {
            await Add(subscription);
        }

        (await Stores.NodeSubscriptions.Remove(Orchard)).ShouldBeTrue();
        (await Stores.NodeSubscriptions.Remove(Orchard)).ShouldBeFalse();
        (await Stores.NodeSubscriptions.To(Juliet, "mood")).ShouldBe([Bare, Nurse], ignoreOrder: true);

        await Stores.Nodes.Remove(Juliet, "mood");
        (await Stores.NodeSubscriptions.To(Juliet, "mood")).ShouldBeEmpty();
        (await Stores.NodeSubscriptions.Nodes(Juliet)).ShouldBe(["urn:xmpp:avatar:metadata"]);

        await Stores.NodeSubscriptions.RemoveAll(Juliet, "urn:xmpp:avatar:metadata");
        (await Stores.NodeSubscriptions.Nodes(Juliet)).ShouldBeEmpty();
    }

    [Fact]
    [Trait("Requirement", "C-225")]
    public async Task Subscriptions_are_limited_by_account_and_by_subscriber()
    {
        (await Stores.NodeSubscriptions.Add(Orchard, 2, 9)).ShouldBeTrue();
        (await Stores.NodeSubscriptions.Add(Bare with { Node = "tune" }, 2, 9)).ShouldBeTrue();
        (await Stores.NodeSubscriptions.Add(Nurse, 2, 9)).ShouldBeFalse();
        (await Stores.NodeSubscriptions.Add(Orchard, 2, 9)).ShouldBeTrue();
        (await Stores.NodeSubscriptions.Add(new NodeSubscription(Romeo, "mood", "romeo@example.org"), 9, 2)).ShouldBeFalse();
        (await Stores.NodeSubscriptions.Add(Nurse, 9, 2)).ShouldBeTrue();
    }

    private ValueTask<bool> Add(NodeSubscription subscription) => Stores.NodeSubscriptions.Add(subscription, 10, 10);
}

public sealed class Node_subscriptions_in_SQLite() : NodeSubscriptionContract(new SqliteDatabase());

[Trait("Category", "Integration")]
public sealed class Node_subscriptions_in_PostgreSQL(PostgreSqlServer server) : NodeSubscriptionContract(new PostgreSqlDatabase(server));
