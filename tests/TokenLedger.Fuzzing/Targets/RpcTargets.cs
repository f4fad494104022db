// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Reflection.V1;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using TokenLedger.Fuzzing.Shapes;
using TokenLedger.Protocol;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Rpc;
using TokenLedger.Testing.Generators;
using Enum = System.Enum;
using RpcStatus = Google.Rpc.Status;
using Status = Grpc.Core.Status;

namespace TokenLedger.Fuzzing.Targets;

/// <summary>gRPC itself: frames, headers, trailers, and the standard services' requests.</summary>
internal static class RpcTargets
{
    /// <summary>Limit of the messages here; small, so that a gzip bomb is soon over it.</summary>
    private const int MessageBytes = 16 * 1024;

    private const int MessagesRead = 4;

    private static readonly Marshaller<byte[]> Raw =
        Marshallers.Create<byte[]>(bytes => bytes, bytes => bytes);

    private static readonly ReflectionService Reflection = new(
        TransactionServiceReflection.Descriptor, QueryServiceReflection.Descriptor,
        EventReflection.Descriptor);

    private static readonly ImmutableArray<string> Keys =
    [
        "x-trace", "x-trace-bin", "grpc-status-details-bin", "authorization", "grpc-timeout", "te", "a.b_c-d",
    ];

    public static readonly ImmutableArray<FuzzTarget> All =
    [
        new()
        {
            Name = "rpc.Frames",
            Shape = FrameShape.Instance,
            Sample = Frames,
            Decode = ReadFrames,
            Encode = value => [0, .. ((List<byte[]>)value).SelectMany(message => Frame(0, message))],
            Spelling = Spelling.Normal,
            Declared = [typeof(RpcException)],

            // A buffer that doubles up to the limit, and what gzip needs for itself.
            AllocatedBytes = MessagesRead * 8 * MessageBytes,
        },
        new()
        {
            Name = "rpc.ServerHeaders",
            Shape = TextShape.Instance,
            Sample = Headers,
            Decode = bytes => OfText(bytes, text => ReadServerHeaders(HeadersOf(text))),
            Encode = value => Encoding.UTF8.GetBytes(string.Join('\n', ((Metadata)value).SelectMany(
                entry => new[] { entry.Key, WireHeaders.Encode(entry) }))),
            Spelling = Spelling.Normal,
            Declared = [typeof(RpcException)],
            Covers = ["ServerHeaders.Read", "ServerHeaders.ReadTimeout", "ServerHeaders.ReadEncoding"],
        },
        new()
        {
            Name = "rpc.ClientTrailers",
            Shape = TextShape.Instance,
            Sample = g => [.. Headers(g), .. Encoding.UTF8.GetBytes(
                $"\ngrpc-status\n{g.Below(20)}\ngrpc-message\n{StatusMessage.Encode(g.Text(40))}")],
            Decode = bytes => OfText(bytes, ReadTrailers),
            Spelling = Spelling.None,
            Declared = [typeof(RpcException)],
            Covers = ["ClientHeaders.Read"],
        },
        new()
        {
            Name = "rpc.Timeout",
            Shape = TextShape.Instance,
            Sample = g => Encoding.UTF8.GetBytes(
                $"{g.Below(100_000_000)}{g.OneOf('n', 'u', 'm', 'S', 'M', 'H')}"),
            Decode = bytes => OfText(bytes, text =>
                WireHeaders.TryParseTimeout(text, out TimeSpan timeout) ? timeout : null),
            Encode = value => Encoding.UTF8.GetBytes(WireHeaders.FormatTimeout((TimeSpan)value)),
            Spelling = Spelling.Normal,
            Covers = ["WireHeaders.TryParseTimeout"],
        },
        new()
        {
            Name = "rpc.StatusMessage",
            Shape = TextShape.Instance,
            Sample = g => Encoding.UTF8.GetBytes(StatusMessage.Encode(g.Text(60))),
            Decode = bytes => OfText(bytes, StatusMessage.Decode),
            Encode = value => Encoding.UTF8.GetBytes(StatusMessage.Encode((string)value)),
            Spelling = Spelling.Normal,
            Covers = ["StatusMessage.Decode"],
        },
        new()
        {
            Name = "rpc.StatusDetails",
            Shape = new ProtobufShape(RpcStatus.Descriptor),
            Sample = g => new RpcStatus
            {
                Code = g.Below(17),
                Message = g.Text(40),
                Details =
                {
                    Any.Pack(new ErrorInfo { Reason = g.Text(20), Domain = ErrorModel.Domain }),
                },
            }.ToByteArray(),
            Decode = bytes => ErrorModel.Read(
                RpcStatusDetails.Create(new Status(StatusCode.Internal, ""), bytes)),
            Spelling = Spelling.None,
            Covers = ["ErrorModel.Read"],
        },
        new()
        {
            Name = "rpc.HealthRequest",
            Shape = new ProtobufShape(HealthCheckRequest.Descriptor),
            Sample = g => new HealthCheckRequest
            {
                Service = g.Coin() ? TransactionService.Descriptor.FullName : g.Text(40),
            }.ToByteArray(),
            Decode = HealthCheckRequest.Parser.ParseFrom,
            Encode = value => ((IMessage)value).ToByteArray(),
            Spelling = Spelling.Normal,
            Declared = [typeof(InvalidProtocolBufferException)],
        },
        new()
        {
            Name = "rpc.ReflectionRequest",
            Shape = new ProtobufShape(ServerReflectionRequest.Descriptor),
            Sample = g => ReflectionRequest(g).ToByteArray(),
            Decode = bytes => ServerReflectionRequest.Parser.ParseFrom(bytes) is var request
                && Reflection.Answer(request).ErrorResponse is null ? request : null,
            Encode = value => ((IMessage)value).ToByteArray(),
            Spelling = Spelling.Normal,
            Declared = [typeof(InvalidProtocolBufferException)],
        },
    ];

    /// <summary>What a parser of text does; bytes that are no text are refused before it.</summary>
    public static object? OfText(byte[] bytes, Func<string, object?> parse) =>
        System.Text.Unicode.Utf8.IsValid(bytes) ? parse(Encoding.UTF8.GetString(bytes)) : null;

    private static byte[] Frames(CoreGenerator g)
    {
        byte[] bytes = [(byte)g.Below(2)];
        for (int i = 1 + g.Below(3); i > 0; i--)
        {
            byte[] message = g.Coin() ? g.Bytes(g.Below(300)) : new byte[g.Below(MessageBytes + 10)];
            bytes = bytes[0] == 1 && g.Coin()
                ? [.. bytes, .. Frame(1, Gzip(message))]
                : [.. bytes, .. Frame(0, message.Length > 300 ? message[..300] : message)];
        }

        return bytes;
    }

    private static byte[] Frame(byte flag, byte[] payload)
    {
        byte[] frame = new byte[5 + payload.Length];
        frame[0] = flag;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), payload.Length);
        payload.CopyTo(frame, 5);
        return frame;
    }

    private static byte[] Gzip(byte[] message)
    {
        var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(message);
        }

        return compressed.ToArray();
    }

    private static List<byte[]>? ReadFrames(byte[] bytes)
    {
        if (bytes.Length == 0)
        {
            return null;
        }

        // The first byte stands for the header that names an encoding.
        var pipe = PipeReader.Create(new MemoryStream(bytes, 1, bytes.Length - 1));
        var reader = new FrameReader(pipe, MessageBytes, bytes[0] == 1 ? WireHeaders.Gzip : null);
        var messages = new List<byte[]>();
        while (messages.Count < MessagesRead
            && reader.ReadAsync(Raw, CancellationToken.None).AsTask().GetAwaiter().GetResult() is { } message)
        {
            messages.Add(message);
        }

        return messages;
    }

    private static byte[] Headers(CoreGenerator g)
    {
        var lines = new List<string>();
        for (int i = g.Below(4); i > 0; i--)
        {
            string key = Keys[g.Below(Keys.Length)];
            lines.Add(key);
            lines.Add(key == "grpc-timeout" ? "5S"
                : key.EndsWith("-bin", StringComparison.Ordinal)
                    ? Convert.ToBase64String(g.Bytes(g.Below(12))).TrimEnd('=')
                    : "v" + g.Below(1000));
        }

        return Encoding.UTF8.GetBytes(string.Join('\n', lines));
    }

    private static HeaderDictionary HeadersOf(string text)
    {
        var headers = new HeaderDictionary();
        string[] lines = text.Split('\n');
        for (int i = 0; i + 1 < lines.Length; i += 2)
        {
            // HTTP has no header without a name. One without a value stays, as on a connection.
            if (lines[i].Length > 0 && !headers.TryAdd(lines[i], lines[i + 1]))
            {
                headers[lines[i]] = StringValues.Concat(headers[lines[i]], lines[i + 1]);
            }
        }

        return headers;
    }

    private static Metadata ReadServerHeaders(HeaderDictionary headers)
    {
        _ = ServerHeaders.ReadTimeout(headers);
        _ = ServerHeaders.ReadEncoding(headers);
        _ = ServerHeaders.AcceptsGzip(headers);
        return ServerHeaders.Read(headers);
    }

    private static object? ReadTrailers(string text)
    {
        using var response = new HttpResponseMessage();
        string[] lines = text.Split('\n');
        for (int i = 0; i + 1 < lines.Length; i += 2)
        {
            if (lines[i].Length > 0)
            {
                response.TrailingHeaders.TryAddWithoutValidation(lines[i], lines[i + 1]);
            }
        }

        Status status = ClientHeaders.StatusOf(response.TrailingHeaders);
        ClientHeaders.Read(response.TrailingHeaders);
        return Enum.IsDefined(status.StatusCode) ? status.Detail : null;
    }

    private static ServerReflectionRequest ReflectionRequest(CoreGenerator g) => g.Below(5) switch
    {
        0 => new ServerReflectionRequest { ListServices = "" },
        1 => new ServerReflectionRequest { FileByFilename = EventReflection.Descriptor.Name },
        2 => new ServerReflectionRequest { FileContainingSymbol = QueryService.Descriptor.FullName },
        3 => new ServerReflectionRequest { AllExtensionNumbersOfType = Balance.Descriptor.FullName },
        _ => new ServerReflectionRequest
        {
            FileContainingExtension = new ExtensionRequest
            {
                ContainingType = g.Text(20),
                ExtensionNumber = g.Below(100),
            },
        },
    };
}
