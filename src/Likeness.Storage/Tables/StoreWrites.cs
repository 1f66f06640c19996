using Likeness.Stores;

namespace Likeness.Storage.Tables;

/// <summary>Carries out the writes of an act inside its transaction.</summary>
internal static class StoreWrites
{
    /// <summary>Returns the hashes that changed hands; they are announced with <see cref="Announce"/> when the transaction does nothing more.</summary>
    public static async ValueTask<IReadOnlyList<(Identity Owner, IReadOnlyList<string> Hashes)>> Run(Session session, IReadOnlyList<StoreWrite> writes)
    {
        var addresses = new List<(Identity, IReadOnlyList<string>)>();

        // The audit log has one turn for all; whoever holds it waits for nobody.
        foreach (var write in writes.OrderBy(write => write is StoreWrite.Audit))
        {
            switch (write)
            {
                case StoreWrite.Account account:
                    await AccountStore.Add(session, account.Record);
                    break;
                case StoreWrite.Password password:
                    await AccountStore.ChangePassword(session, password.Record);
                    break;
                case StoreWrite.Disabling disabling:
                    await AccountStore.Disable(session, disabling);
                    break;
                case StoreWrite.Address address:
                    addresses.Add((address.Owner, await AddressRows.Add(session, address.Owner, address.Text, address.Hashes)));
                    break;
                case StoreWrite.Proof proof:
                    await AddressProofStore.Save(session, proof);
                    break;
                case StoreWrite.Document document:
                    await DocumentStore.Save(session, document.Content);
                    break;
                case StoreWrite.Import import:
                    await BulkStore.SaveImport(session, import);
                    break;
                case StoreWrite.Room room:
                    await RoomStore.Save(session, room.Record, []);
                    break;
                case StoreWrite.UsedInvitation used:
                    await InvitationStore.Use(session, used.Id);
                    break;
                case StoreWrite.UsedMail mail:
                    await MailStore.Use(session, mail);
                    break;
                case StoreWrite.UsedStep step:
                    await WebStepStore.Use(session, step);
                    break;
                case StoreWrite.Provider provider:
                    await ProviderIdentityStore.Add(session, provider.Identity);
                    break;
                case StoreWrite.Beside beside:
                    await BesideStore.Save(session, beside.Known);
                    break;
                case StoreWrite.Profile profile:
                    await ProfileStore.Save(session, profile);
                    break;
                case StoreWrite.Audit audit:
                    await AuditStore.Write(session, audit.Entry);
                    break;
                default:
                    throw new ArgumentException($"Nobody stores a {write.GetType().Name}.", nameof(writes));
            }
        }

        return addresses;
    }

    public static async ValueTask Announce(Session session, IReadOnlyList<(Identity Owner, IReadOnlyList<string> Hashes)> addresses)
    {
        foreach (var (owner, hashes) in addresses)
        {
            await ChangeRows.AddAddresses(session, owner, hashes);
        }
    }

    /// <summary>The writes alone. The turn is that of the first of them who belongs to somebody.</summary>
    public static ValueTask Write(Engine engine, IReadOnlyList<StoreWrite> writes, CancellationToken cancellationToken) =>
        engine.Write(
            writes.Select(TurnOf).FirstOrDefault(turn => turn is not null) ?? AuditStore.Turn,
            async session =>
            {
                await Announce(session, await Run(session, writes));
                foreach (var disabling in writes.OfType<StoreWrite.Disabling>())
                {
                    await ChangeRows.Add(session, ChangeKind.Disabling, disabling.Person.Value);
                }
            },
            cancellationToken);

    private static string? TurnOf(StoreWrite write) => write switch
    {
        StoreWrite.Account account => account.Record.Account.Value,
        StoreWrite.Password password => password.Record.Account.Value,
        StoreWrite.Disabling disabling => disabling.Person.Value,
        StoreWrite.Address address => address.Owner.Value,
        StoreWrite.Proof proof => proof.Owner.Value,
        StoreWrite.Document document => document.Content.Account.Value,
        StoreWrite.Room room => room.Record.Room,
        StoreWrite.Import import => import.Person.Value,
        StoreWrite.Profile profile => profile.Person.Value,
        StoreWrite.Beside beside => beside.Known.Account.Value,
        _ => null,
    };
}
