// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Collections.Immutable;
using Google.Protobuf;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using V1 = TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Protocol.Wire;

/// <summary>
/// The one place where a transaction's protobuf body and its domain form meet. Pure and thread-safe.
/// </summary>
public static class TransactionMapper
{
    /// <summary>
    /// Decodes a body. It is accepted only when encoding what was decoded gives the same bytes: no unknown
    /// field, no non-minimal varint, no other order.
    /// </summary>
    /// <returns>Null and the transaction, or why it was refused.</returns>
    public static Rejection? TryDecode(ReadOnlySpan<byte> body, out Transaction? transaction)
    {
        transaction = null;
        if (body.Length > Limits.TransactionBytes)
        {
            return new Rejection(
                RejectionCode.TooLarge,
                $"The body has {body.Length} bytes; at most {Limits.TransactionBytes} are taken.");
        }

        try
        {
            Transaction decoded = ToDomain(V1.Transaction.Parser.ParseFrom(body));
            if (!Encode(decoded).AsSpan().SequenceEqual(body))
            {
                return new Rejection(
                    RejectionCode.NotCanonical,
                    "The body is not its own canonical encoding: fields in order, minimal varints, nothing "
                    + "unknown.");
            }

            transaction = decoded;
            return null;
        }
        catch (InvalidProtocolBufferException e)
        {
            return new Rejection(
                RejectionCode.Malformed, "The body is no protobuf Transaction: " + e.Message);
        }
        catch (FieldException e)
        {
            return new Rejection(e.Code, e.Message);
        }
    }

    /// <summary>The canonical body of a transaction.</summary>
    public static byte[] Encode(Transaction transaction) => ToWire(transaction).ToByteArray();

    /// <summary>The wire form of signed bytes.</summary>
    public static V1.SignedTransaction ToWire(SignedTransaction signed) => new()
    {
        Body = ByteString.CopyFrom(signed.Body.AsSpan()),
        Signature = ByteString.CopyFrom(signed.Signature.AsSpan()),
    };

    /// <summary>Signed bytes from their wire form; sizes are checked, nothing else.</summary>
    /// <returns>Null and the bytes, or why they were refused.</returns>
    public static Rejection? TryFromWire(V1.SignedTransaction? wire, out SignedTransaction? signed)
    {
        signed = null;
        if (wire is null || wire.Body.IsEmpty)
        {
            return new Rejection(RejectionCode.Malformed, "There is no transaction body.");
        }

        if (wire.Body.Length > Limits.TransactionBytes)
        {
            return new Rejection(
                RejectionCode.TooLarge,
                $"The body has {wire.Body.Length} bytes; at most {Limits.TransactionBytes} are taken.");
        }

        if (wire.Signature.Length != Limits.SignatureBytes)
        {
            return new Rejection(
                RejectionCode.BadSignature,
                $"The signature has {wire.Signature.Length} bytes, not {Limits.SignatureBytes} (r, s, v).");
        }

        signed = new SignedTransaction([.. wire.Body.Span], [.. wire.Signature.Span]);
        return null;
    }

    /// <summary>The wire form of a transaction.</summary>
    public static V1.Transaction ToWire(Transaction transaction)
    {
        var wire = new V1.Transaction
        {
            Sender = Field.Of(transaction.Sender),
            Lane = transaction.Lane,
            Nonce = transaction.Nonce,
            ValidUntilMs = transaction.ValidUntil.Value,
            Memo = transaction.Memo,
        };
        if (transaction.RequestId is { } requestId)
        {
            Span<byte> bytes = stackalloc byte[Limits.RequestIdBytes];
            BinaryPrimitives.WriteUInt128BigEndian(bytes, requestId.Value);
            wire.RequestId = ByteString.CopyFrom(bytes);
        }

        foreach (Operation operation in transaction.Operations)
        {
            wire.Operations.Add(ToWire(operation));
        }

        return wire;
    }

    private static Transaction ToDomain(V1.Transaction wire)
    {
        if (wire.Operations.Count is 0 or > Limits.OperationsPerTransaction)
        {
            throw new FieldException(
                wire.Operations.Count == 0 ? RejectionCode.InvalidField : RejectionCode.TooLarge,
                $"A transaction has 1 to {Limits.OperationsPerTransaction} operations, not "
                + $"{wire.Operations.Count}.");
        }

        if (System.Text.Encoding.UTF8.GetByteCount(wire.Memo) > Limits.MemoBytes)
        {
            throw new FieldException(RejectionCode.TooLarge, $"The memo is over {Limits.MemoBytes} bytes.");
        }

        var operations = ImmutableArray.CreateBuilder<Operation>(wire.Operations.Count);
        foreach (V1.Operation operation in wire.Operations)
        {
            operations.Add(ToDomain(operation));
        }

        return new Transaction(
            Field.Address(wire.Sender, "sender"),
            wire.Lane,
            wire.Nonce,
            new TimestampMs(wire.ValidUntilMs),
            RequestIdFrom(wire.RequestId),
            wire.Memo,
            operations.MoveToImmutable());
    }

    private static RequestId? RequestIdFrom(ByteString bytes) => bytes.Length switch
    {
        0 => null,
        Limits.RequestIdBytes => new RequestId(BinaryPrimitives.ReadUInt128BigEndian(bytes.Span)),
        _ => throw Field.Invalid(
            $"request_id is {bytes.Length} bytes; it has none or {Limits.RequestIdBytes}."),
    };

    private static V1.Operation ToWire(Operation operation)
    {
        switch (operation)
        {
            case Transfer transfer:
                return new V1.Operation
                {
                    Transfer = new V1.Transfer
                    {
                        Asset = transfer.Asset.ToString(),
                        To = Field.Of(transfer.To),
                        Amount = transfer.Amount.ToString(),
                        Tag = transfer.Tag,
                        SourceTag = transfer.SourceTag,
                    },
                };
            case RequireTag require:
                return new V1.Operation
                {
                    RequireTag = new V1.RequireTag
                    {
                        Account = Field.Of(require.Account),
                        Required = require.Required,
                    },
                };
            case RegisterAccount register:
                return new V1.Operation
                {
                    RegisterAccount = new V1.RegisterAccount
                    {
                        Account = Field.Of(register.Account),
                        Kind = (V1.AccountKind)register.Kind,
                        Institution = Field.OfOptional(register.Institution),
                    },
                };
            case Propose propose:
                var wire = new V1.Propose { ExpiresMs = propose.Expires.Value, Reason = propose.Reason };
                foreach (PrivilegedOperation privileged in propose.Payload)
                {
                    wire.Payload.Add(PrivilegedMapper.ToWire(privileged));
                }

                return new V1.Operation { Propose = wire };
            case ApproveProposal approve:
                return new V1.Operation
                {
                    ApproveProposal = new V1.ApproveProposal
                    {
                        ProposalId = approve.ProposalId,
                        PayloadHash = Field.Of(approve.PayloadHash),
                    },
                };
            case CancelProposal cancel:
                return new V1.Operation
                {
                    CancelProposal =
                        new V1.CancelProposal { ProposalId = cancel.ProposalId, Reason = cancel.Reason },
                };
            default:
                return BridgeMapper.ToWire(operation)
                    ?? throw new InvariantException($"{operation.GetType().Name} has no wire form");
        }
    }

    private static Operation ToDomain(V1.Operation wire) => wire.KindCase switch
    {
        V1.Operation.KindOneofCase.Transfer => new Transfer(
            Field.Asset(wire.Transfer.Asset, "transfer.asset"),
            Field.Address(wire.Transfer.To, "transfer.to"),
            Field.Amount(wire.Transfer.Amount, "transfer.amount"),
            wire.Transfer.Tag,
            wire.Transfer.SourceTag),
        V1.Operation.KindOneofCase.RequireTag => new RequireTag(
            Field.Address(wire.RequireTag.Account, "require_tag.account"), wire.RequireTag.Required),
        V1.Operation.KindOneofCase.RegisterAccount => new RegisterAccount(
            Field.Address(wire.RegisterAccount.Account, "register_account.account"),
            Field.Enum<AccountKind>((int)wire.RegisterAccount.Kind, "register_account.kind"),
            Field.OptionalAddress(wire.RegisterAccount.Institution, "register_account.institution")),
        V1.Operation.KindOneofCase.Propose => ToDomain(wire.Propose),
        V1.Operation.KindOneofCase.ApproveProposal => new ApproveProposal(
            wire.ApproveProposal.ProposalId,
            Field.Hash(wire.ApproveProposal.PayloadHash, "approve_proposal.payload_hash")),
        V1.Operation.KindOneofCase.CancelProposal => new CancelProposal(
            wire.CancelProposal.ProposalId, wire.CancelProposal.Reason),
        _ => BridgeMapper.ToDomain(wire) ?? throw Field.Invalid("An operation is of no known kind."),
    };

    private static Propose ToDomain(V1.Propose wire)
    {
        if (wire.Payload.Count is 0 or > Limits.OperationsPerProposal)
        {
            throw Field.Invalid(
                $"A proposal has 1 to {Limits.OperationsPerProposal} operations, not {wire.Payload.Count}.");
        }

        var payload = ImmutableArray.CreateBuilder<PrivilegedOperation>(wire.Payload.Count);
        foreach (V1.PrivilegedOperation operation in wire.Payload)
        {
            payload.Add(PrivilegedMapper.ToDomain(operation));
        }

        return new Propose(payload.MoveToImmutable(), new TimestampMs(wire.ExpiresMs), wire.Reason);
    }
}
