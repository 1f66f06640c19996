using Likeness.Xmpp.Client.Avatars;

namespace Likeness.Xmpp.Tests.Client.Avatars;

/// <summary>XEP-0153 §4.2 to §4.4, row by row: what came before, what happens, what is done, what presence says then.</summary>
public sealed class VCardAvatarTableTests
{
    private const string Ours = "0000000000000000000000000000000000000001";
    private const string Theirs = "0000000000000000000000000000000000000002";

    [Theory]
    [Trait("Requirement", "X153-4")]
    [Trait("Requirement", "X153-6")]
    [InlineData("", "begin", "announce ask", "Fetching")]
    [InlineData("begin", "found 1", "announce", "Picture 1")]
    [InlineData("begin", "missing", "announce", "NoPicture")]
    [InlineData("begin", "failed", "", "Unknown")]
    [InlineData("begin failed", "picture 2", "announce ask", "Fetching")]
    [InlineData("begin failed", "none", "announce ask", "Fetching")]
    [InlineData("begin failed", "notready", "", "Unknown")]
    public void Nothing_is_announced_before_the_vCard_was_read(string before, string what, string acts, string phase) => Check(before, what, acts, phase);

    [Theory]
    [Trait("Requirement", "X153-T6")]
    [InlineData("begin found1", "silent", "announce", "Muted")]
    [InlineData("begin missing", "silent", "announce", "Muted")]
    [InlineData("begin", "silent", "", "Fetching")]
    [InlineData("begin silent", "found 1", "", "Muted")]
    [InlineData("begin silent", "missing", "", "Muted")]
    [InlineData("begin found1 silent", "silent", "", "Muted")]
    [InlineData("begin found1 silent third:picture2", "gone", "announce ask", "Fetching")]
    [InlineData("begin found1 silent", "gone", "announce ask", "Fetching")]
    [InlineData("begin found1 silent", "notready", "announce ask", "Fetching")]
    [InlineData("begin found1 silent third:silent", "gone", "", "Muted")]
    public void Beside_a_resource_that_knows_nothing_of_hashes_none_is_announced(string before, string what, string acts, string phase) => Check(before, what, acts, phase);

    [Theory]
    [Trait("Requirement", "X153-T9")]
    [InlineData("begin found1", "notready", "", "Picture 1")]
    [InlineData("begin found1", "picture 1", "", "Picture 1")]
    [InlineData("begin found1", "picture 2", "announce ask", "Fetching")]
    [InlineData("begin missing", "picture 2", "announce ask", "Fetching")]
    [InlineData("begin missing", "none", "", "NoPicture")]
    [InlineData("begin found1 picture2 found1", "picture 2", "", "Picture 1")]
    [InlineData("begin found1 picture2 found1 notready", "picture 2", "announce ask", "Fetching")]
    [InlineData("begin picture1", "found 1", "announce", "Picture 1")]
    [InlineData("begin picture2", "found 1", "ask", "Fetching")]
    public void Another_picture_is_never_contradicted_but_looked_up(string before, string what, string acts, string phase) => Check(before, what, acts, phase);

    [Theory]
    [Trait("Requirement", "X153-T8")]
    [InlineData("begin found1", "none", "ask", "Picture 1")]
    [InlineData("begin found1 none", "missing", "announce", "NoPicture")]
    [InlineData("begin found1 none", "found 1", "", "Picture 1")]
    [InlineData("begin found1 none", "found 2", "announce", "Picture 2")]
    [InlineData("begin found1 none", "failed", "", "Picture 1")]
    [InlineData("begin found1 none", "none", "", "Picture 1")]
    [InlineData("begin found1 none none", "missing", "ask", "Picture 1")]
    public void That_another_took_it_away_is_looked_up_first(string before, string what, string acts, string phase) => Check(before, what, acts, phase);

    [Theory]
    [Trait("Requirement", "X153-7")]
    [InlineData("begin missing uploading", "uploaded 1", "announce", "Picture 1")]
    [InlineData("begin found1 uploading", "removed", "announce", "NoPicture")]
    [InlineData("begin found1 silent uploading", "uploaded 2", "announce", "Picture 2")]
    [InlineData("begin found1 silent uploading uploaded2", "silent", "announce", "Muted")]
    [InlineData("begin uploading uploaded1", "found 2", "", "Picture 1")]
    [InlineData("begin found1 uploading", "refused", "", "Picture 1")]
    [InlineData("begin found1 uploading picture1", "uploaded 2", "announce ask", "Picture 2")]
    public void What_the_user_does_is_announced_once_the_server_has_it(string before, string what, string acts, string phase) => Check(before, what, acts, phase);

    private static void Check(string before, string what, string acts, string phase)
    {
        var table = new VCardAvatarTable();
        foreach (var word in before.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            table.Take(Event(word));
        }

        var done = table.Take(Event(what.Replace(" ", "", StringComparison.Ordinal)));
        string.Join(' ', new[] { done.HasFlag(AvatarActs.Announce) ? "announce" : null, done.HasFlag(AvatarActs.Ask) ? "ask" : null }.OfType<string>()).ShouldBe(acts);
        $"{table.Phase} {table.Hash?.TrimStart('0')}".TrimEnd().ShouldBe(phase);
    }

    private static AvatarEvent Event(string word)
    {
        var (resource, rest) = word.Split(':') is [var named, var behind] ? (named, behind) : ("other", word);
        var hash = rest[^1] switch { '1' => Ours, '2' => Theirs, _ => null };
        return rest.TrimEnd('1', '2') switch
        {
            "begin" => new AvatarEvent(AvatarEventKind.Begun),
            "found" => new AvatarEvent(AvatarEventKind.Found, Hash: hash),
            "missing" => new AvatarEvent(AvatarEventKind.Missing),
            "failed" => new AvatarEvent(AvatarEventKind.Failed),
            "silent" => new AvatarEvent(AvatarEventKind.OtherSilent, resource),
            "notready" => new AvatarEvent(AvatarEventKind.OtherNotReady, resource),
            "none" => new AvatarEvent(AvatarEventKind.OtherNone, resource),
            "picture" => new AvatarEvent(AvatarEventKind.OtherPicture, resource, hash),
            "gone" => new AvatarEvent(AvatarEventKind.OtherGone, resource),
            "uploading" => new AvatarEvent(AvatarEventKind.Uploading),
            "uploaded" => new AvatarEvent(AvatarEventKind.Uploaded, Hash: hash),
            "removed" => new AvatarEvent(AvatarEventKind.Removed),
            _ => new AvatarEvent(AvatarEventKind.Refused),
        };
    }
}
