using System.Text.Json.Serialization;
using Likeness.Accounts;
using Likeness.Imaging;
using Likeness.Server.Administration.Bulk;
using Likeness.Storage;
using Likeness.Stores;

namespace Likeness.Server.Administration;

/// <summary>Something an operator does. It travels as JSON to a running server, or runs right here when there is none.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "operation")]
[JsonDerivedType(typeof(CheckAccount), "user check")]
[JsonDerivedType(typeof(AddUser), "user add")]
[JsonDerivedType(typeof(ChangePassword), "user passwd")]
[JsonDerivedType(typeof(ListUsers), "user list")]
[JsonDerivedType(typeof(RemoveUser), "user remove")]
[JsonDerivedType(typeof(DisableUser), "user disable")]
[JsonDerivedType(typeof(EnableUser), "user enable")]
[JsonDerivedType(typeof(ListSessions), "user sessions")]
[JsonDerivedType(typeof(RevokeSessions), "user sessions revoke")]
[JsonDerivedType(typeof(EndSecondFactor), "user second-factor off")]
[JsonDerivedType(typeof(GiveRole), "admin add")]
[JsonDerivedType(typeof(TakeRole), "admin remove")]
[JsonDerivedType(typeof(ListRoles), "admin list")]
[JsonDerivedType(typeof(ListOnline), "user online")]
[JsonDerivedType(typeof(EndSessions), "user end-sessions")]
[JsonDerivedType(typeof(Announce), "announce")]
[JsonDerivedType(typeof(SetMessageOfTheDay), "motd set")]
[JsonDerivedType(typeof(RemoveMessageOfTheDay), "motd remove")]
[JsonDerivedType(typeof(Invite), "invite")]
[JsonDerivedType(typeof(ListInvitations), "invite list")]
[JsonDerivedType(typeof(RemoveInvitation), "invite remove")]
[JsonDerivedType(typeof(SetAvatar), "avatar set")]
[JsonDerivedType(typeof(GetAvatar), "avatar get")]
[JsonDerivedType(typeof(ListPortraits), "avatar list")]
[JsonDerivedType(typeof(ClearAvatar), "avatar clear")]
[JsonDerivedType(typeof(LockAvatar), "avatar lock")]
[JsonDerivedType(typeof(UnlockAvatar), "avatar unlock")]
[JsonDerivedType(typeof(BlockPicture), "avatar block")]
[JsonDerivedType(typeof(ClearNearCopies), "near copies")]
[JsonDerivedType(typeof(UnblockPicture), "avatar unblock")]
[JsonDerivedType(typeof(ListBlocks), "avatar blocked")]
[JsonDerivedType(typeof(ClearProfile), "profile clear")]
[JsonDerivedType(typeof(ReadLog), "log")]
[JsonDerivedType(typeof(ShowStatus), "status")]
[JsonDerivedType(typeof(ShowFederation), "s2s status")]
[JsonDerivedType(typeof(ShowBeside), "beside status")]
[JsonDerivedType(typeof(CheckBeside), "beside check")]
[JsonDerivedType(typeof(SyncBeside), "beside sync")]
[JsonDerivedType(typeof(ListBesideAccounts), "beside accounts")]
[JsonDerivedType(typeof(AddToken), "token add")]
[JsonDerivedType(typeof(ListTokens), "token list")]
[JsonDerivedType(typeof(RemoveToken), "token remove")]
[JsonDerivedType(typeof(AddAddress), "address add")]
[JsonDerivedType(typeof(RemoveAddress), "address remove")]
[JsonDerivedType(typeof(ListAddresses), "address list")]
[JsonDerivedType(typeof(PlanImport), "import plan")]
[JsonDerivedType(typeof(ImportPicture), "import")]
[JsonDerivedType(typeof(ImportAccount), "import account")]
[JsonDerivedType(typeof(ImportPart), "import part")]
[JsonDerivedType(typeof(ImportMessages), "import messages")]
[JsonDerivedType(typeof(ListPeople), "people")]
[JsonDerivedType(typeof(ExportPerson), "export")]
[JsonDerivedType(typeof(WriteBackup), "backup")]
[JsonDerivedType(typeof(AddWebhook), "webhook add")]
[JsonDerivedType(typeof(ListWebhooks), "webhook list")]
[JsonDerivedType(typeof(TestWebhook), "webhook test")]
[JsonDerivedType(typeof(RemoveWebhook), "webhook remove")]
[JsonDerivedType(typeof(ListRooms), "room list")]
[JsonDerivedType(typeof(ShowRoom), "room show")]
[JsonDerivedType(typeof(CreateRoom), "room create")]
[JsonDerivedType(typeof(SetRoom), "room set")]
[JsonDerivedType(typeof(DestroyRoom), "room destroy")]
[JsonDerivedType(typeof(AffiliatePerson), "room affiliation")]
public abstract record Operation
{
    /// <summary>Runs it and keeps in the audit log what it did, durable before the answer is given.</summary>
    public async Task<Answer> Carry(OperationContext context, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await Run(context, cancellationToken);
            foreach (var (action, about, reason, detail) in answer.Notes)
            {
                var entry = new AuditEntry(context.Time.GetUtcNow(), context.By, action, about, reason, detail);
                await context.Stores.Audit.Write(entry, CancellationToken.None);
            }

            return answer;
        }
        catch (Exception exception) when (IsForTheOperator(exception))
        {
            throw new OperationRefusedException(exception.Message, exception);
        }
    }

    /// <summary>Its message is written for people; every other exception is a fault of ours. The one list for command, control socket and watched files.</summary>
    internal static bool IsForTheOperator(Exception exception) => exception
        is ImageRefusedException or RenderUnavailableException or PictureBlockedException or PortraitLockedException
        or AccountRefusedException or StoreConflictException or StorageException;

    /// <summary>Throws <see cref="OperationRefusedException"/> with the one sentence the operator is to read.</summary>
    protected abstract Task<Answer> Run(OperationContext context, CancellationToken cancellationToken);
}
