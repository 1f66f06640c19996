using Likeness.Xmpp.Server.Tests.Play;

namespace Likeness.Xmpp.Server.Tests.Features;

/// <summary>The disk takes its time, or has no room.</summary>
public sealed class ArchiveDurabilityTests
{
    [Fact]
    [Trait("Requirement", "A-21")]
    [Trait("Requirement", "A-11")]
    public async Task A_message_is_neither_delivered_nor_copied_nor_acknowledged_before_it_is_on_disk()
    {
        await using var scene = new Scene();
        var disk = SlowDisk.Under(scene);
        var (juliet, romeo) = (await disk.LogIn("juliet"), await disk.LogIn("romeo"));
        var other = await disk.LogIn("romeo", "other");
        await other.Send($"<presence><priority>-1</priority></presence><iq type='set' id='c'><enable xmlns='{Ns.Carbons}'/></iq>");
        await other.Fence();
        await romeo.Fence();
        other.Drop(_ => true);
        romeo.Drop(_ => true);
        await juliet.Send($"<enable xmlns='{Ns.StreamManagement}'/>");
        (await juliet.Receive()).ShouldNotBeNull().Name.ShouldBe("enabled");

        await juliet.Send($"<message to='romeo@localhost' type='chat' id='m'><body>hi</body></message><iq type='get' id='behind' to='localhost'><ping xmlns='{Ns.Ping}'/></iq>");
        await disk.Reached(1);
        await romeo.Fence();
        await other.Fence();
        romeo.Kept.ShouldBeEmpty();
        other.Kept.ShouldBeEmpty();
        disk.Release(1);

        (await romeo.Receive()).ShouldNotBeNull()["id"].ShouldBe("m");
        (await other.Receive()).ShouldNotBeNull().Child("received", Ns.Carbons).ShouldNotBeNull();
        (await juliet.Receive()).ShouldNotBeNull()["id"].ShouldBe("behind");
    }

    [Fact]
    [Trait("Requirement", "A-21")]
    public async Task A_message_that_the_disk_has_no_room_for_is_refused_and_reaches_nobody()
    {
        await using var scene = new Scene();
        var disk = SlowDisk.Under(scene);
        var (juliet, romeo) = (await disk.LogIn("juliet"), await disk.LogIn("romeo"));
        disk.IsFull = true;

        await juliet.Send("<message to='romeo@localhost' type='chat' id='m'><body>hi</body></message>");

        var error = (await juliet.Receive()).ShouldNotBeNull();
        (error["type"], error["id"]).ShouldBe(("error", "m"));
        error.Child("error")!.Child("resource-constraint", Ns.StanzaErrors).ShouldNotBeNull();
        await romeo.Fence();
        romeo.Kept.ShouldBeEmpty();
    }
}
