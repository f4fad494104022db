// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;

namespace TokenLedger.Testing;

/// <summary>
/// Lying sync: says that it is far ahead, so that others ask it, and answers with changed blocks, bodies,
/// certificates and whatever else it is asked for. Who asks checks every certificate and hash itself, and
/// asks the next.
/// </summary>
public sealed class LyingSource : Adversary
{
    private const ulong Ahead = 1_000;

    public override IEnumerable<PeerMessage> Bend(AdversaryContext context, int to, PeerMessage message) =>
        message switch
        {
            StatusMessage status =>
                [status with { Height = new Height(status.Height.Value + Ahead) }],
            SyncAnswerMessage { Answer: var answer } => [new SyncAnswerMessage(Lie(answer))],
            CertificateMessage { IsAnswer: true, Certificate: var held } => [new CertificateMessage(
                held with { Subject = held.Subject with { View = held.Subject.View.Next } }, IsAnswer: true)],
            _ => [message],
        };

    /// <summary>
    /// The answer with one bit turned in each item of the first field that holds bytes: in a block that is
    /// the header's last field, which its hash covers.
    /// </summary>
    private static IMessage Lie(IMessage answer)
    {
        IMessage lie = answer.Descriptor.Parser.ParseFrom(answer.ToByteArray());
        FieldDescriptor? field = answer.Descriptor.Fields.InDeclarationOrder()
            .FirstOrDefault(static one => one.FieldType == FieldType.Bytes);
        if (field is { IsRepeated: true })
        {
            var items = (IList)field.Accessor.GetValue(lie);
            for (int i = 0; i < items.Count; i++)
            {
                items[i] = Changed((ByteString)items[i]!);
            }
        }
        else
        {
            field?.Accessor.SetValue(lie, Changed((ByteString)field.Accessor.GetValue(lie)));
        }

        return lie;
    }

    private static ByteString Changed(ByteString bytes)
    {
        byte[] changed = bytes.ToByteArray();
        if (changed.Length > 0)
        {
            changed[Math.Min(changed.Length, BlockHeader.Size) - 1] ^= 1;
        }

        return ByteString.CopyFrom(changed);
    }
}
