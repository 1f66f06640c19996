using System.Buffers;
using Likeness.Stores;
using Likeness.Xmpp.Server.Accounts;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Features.Avatars;

/// <summary>vCards as they go over the wire, serialised once for as long as neither portrait nor fields change; bounded by bytes for all accounts together.</summary>
internal sealed class VCardAnswers(PortraitBook book, IStores stores)
{
    private const long MaxBytes = 64 * 1024 * 1024;
    private readonly GenerationCache<string, Answer> _answers = new(MaxBytes, answer => answer.Bytes.Length + 512);

    /// <summary>The serialised vCard element; null when there is nothing to show: no fields and no picture to see.</summary>
    /// <param name="withPicture">The asker may see the portrait.</param>
    public ValueTask<byte[]?> Get(Account account, bool withPicture)
    {
        var stamp = account.State<Fields>().Stamp;
        var known = _answers.TryGet(Key(account, withPicture), out var answer)
            && ReferenceEquals(answer.Stamp, stamp)
            && answer.Version == account.Portrait.Version;
        return known ? new(Bytes(answer!)) : Make(account, withPicture, stamp);
    }

    /// <summary>The account's fields were changed.</summary>
    public void Forget(Account account)
    {
        account.State<Fields>().Stamp = new object();
        _answers.Remove(Key(account, true));
        _answers.Remove(Key(account, false));
    }

    private static byte[]? Bytes(Answer answer) => answer.Bytes.Length == 0 ? null : answer.Bytes;

    private static string Key(Account account, bool withPicture) =>
        withPicture ? account.Jid.BareText : account.State<Fields>().HiddenKey ??= account.Jid.BareText + "/";

    private async ValueTask<byte[]?> Make(Account account, bool withPicture, object stamp)
    {
        var portrait = account.Portrait;
        var content = (await stores.Documents.Find(account.Identity, VCardDocument.Kind, ""))?.Content;
        var picture = withPicture && portrait.Picture is { } info ? await book.Read(info.Id) : null;
        var bytes = content is null && picture is null ? [] : Serialise(content, picture);
        var answer = new Answer(stamp, portrait.Version, bytes);
        _answers.Set(Key(account, withPicture), answer);
        return Bytes(answer);
    }

    private static byte[] Serialise(string? content, Picture? picture)
    {
        var fields = content is null ? null : XmlStreamReader.ParseElement(content);
        var buffer = new ArrayBufferWriter<byte>(256 + ((picture?.Bytes.Length ?? 0) * 3 / 2) + (content?.Length ?? 0));
        ElementWriter.Write(buffer, VCardDocument.Compose(fields, picture), Ns.Client);
        return buffer.WrittenSpan.ToArray();
    }

    private sealed record Answer(object Stamp, long Version, byte[] Bytes);

    private sealed class Fields
    {
        private object _stamp = new();

        /// <summary>Replaced with every change of the fields: an answer made from older ones is recognised.</summary>
        public object Stamp
        {
            get => Volatile.Read(ref _stamp);
            set => Volatile.Write(ref _stamp, value);
        }

        public string? HiddenKey { get; set; }
    }
}
