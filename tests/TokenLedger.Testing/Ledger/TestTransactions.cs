// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Ledger;

namespace TokenLedger.Testing;

/// <summary>
/// Transactions without signatures, for code that starts where admission ends. The body is an encoding of its
/// own in which different transactions differ; it is not the wire format.
/// </summary>
public static class TestTransactions
{
    public static VerifiedTransaction Verified(Transaction content, Hash256 genesisHash)
    {
        var writer = new CanonicalWriter();
        writer.Address(content.Sender);
        writer.U32(content.Lane);
        writer.U64(content.Nonce);
        writer.U64(content.ValidUntil.Value);
        writer.Bool(content.RequestId is not null);
        writer.U128(content.RequestId?.Value ?? 0);
        writer.Text(content.Memo);
        foreach (Operation operation in content.Operations.IsDefault ? [] : content.Operations)
        {
            WriteOperation(writer, operation);
        }

        var signed = new SignedTransaction([.. writer.Written], [.. new byte[Limits.SignatureBytes]]);
        return new VerifiedTransaction(signed.IdOn(genesisHash), content, signed);
    }

    private static void WriteOperation(CanonicalWriter writer, Operation operation)
    {
        if (operation is Transfer transfer)
        {
            writer.Fixed("T"u8, 1);
            writer.Asset(transfer.Asset);
            writer.Address(transfer.To);
            writer.Amount(transfer.Amount);
        }
        else if (operation is Propose propose && !propose.Payload.IsDefault)
        {
            writer.List(propose.Payload, PrivilegedCodec.Write);
            writer.U64(propose.Expires.Value);
            writer.Text(propose.Reason);
        }
        else
        {
            writer.Text(operation.ToString());
        }
    }
}
