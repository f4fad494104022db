// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Protocol.Sync.V1;

namespace TokenLedger.Testing;

/// <summary>
/// Lying sync: says that it is far ahead, so that others ask it, and answers with changed blocks, bodies and
/// certificates. Who asks checks every certificate and hash itself, and asks the next.
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

    private static IMessage Lie(IMessage answer)
    {
        switch (answer)
        {
            case StreamBlocksResponse { Block.IsEmpty: false } block:
                StreamBlocksResponse other = block.Clone();
                other.Block = Changed(block.Block, BlockHeader.Size - 1);
                return other;
            case GetCandidateResponse { Block.IsEmpty: false } candidate:
                return new GetCandidateResponse { Block = Changed(candidate.Block, BlockHeader.Size - 1) };
            case ListCertificatesResponse list:
                var lie = new ListCertificatesResponse();
                lie.Certificates.AddRange(list.Certificates.Select(one => Changed(one, one.Length - 10)));
                return lie;
            default:
                return answer;
        }
    }

    private static ByteString Changed(ByteString bytes, int at)
    {
        byte[] changed = bytes.ToByteArray();
        changed[at] ^= 1;
        return ByteString.CopyFrom(changed);
    }
}
