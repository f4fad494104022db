// SPDX-License-Identifier: Apache-2.0
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Json;

namespace TokenLedger.Fuzzing.Targets;

/// <summary>
/// The ways into src, found by their form: static methods whose name says that they read, and which take
/// bytes, text, or a part of a document. What is found is fuzzed by name or excepted here.
/// </summary>
internal static class EntryPoints
{
    private static readonly string[] Verbs =
    [
        "Read", "TryRead", "Decode", "TryDecode", "Parse", "TryParse", "TryFromWire", "ToDomain", "Load",
        "Import",
    ];

    private static readonly Type[] Outside =
    [
        typeof(ReadOnlySpan<byte>), typeof(ReadOnlySpan<char>), typeof(ReadOnlyMemory<byte>), typeof(byte[]),
        typeof(string), typeof(ByteString), typeof(CanonicalReader), typeof(JsonNode), typeof(JsonElement),
        typeof(StrictValue), typeof(StrictObject), typeof(IHeaderDictionary),
        typeof(System.Net.Http.Headers.HttpResponseHeaders), typeof(IMessage), typeof(Grpc.Core.RpcException),
    ];

    /// <summary>Type.Method and why no target names it.</summary>
    public static FrozenDictionary<string, string> Excepted { get; } = new Dictionary<string, string>
    {
        ["BridgeCodec.ReadCount"] = "a number of four bytes, and nothing else",
        ["BridgeEventCodec.Read"] = "a part of EventCodec.Read, which is a target",
        ["BridgePrivilegedCodec.Read"] = "a part of PrivilegedCodec.Read, which is a target",
        ["BridgePrivilegedCodec.ReadLane"] = "a part of readers that are targets",
        ["BridgePrivilegedCodec.ReadQuota"] = "a part of readers that are targets",
        ["BridgePrivilegedCodec.ReadSigner"] = "a part of readers that are targets",
        ["BridgePrivilegedCodec.ReadStops"] = "a part of readers that are targets",
        ["BridgeOptionsReader.Read"] = "a part of NodeOptionsFile.Read, which is a target",
        ["EventCodec.ReadCode"] = "a part of EventCodec.Read, which is a target",
        ["StateCodec.Decode"] = "runs any of the canonical readers; all of them are targets",
        ["StrictJson.Read"] = "runs a file's reader; file.Genesis and file.NodeOptions are targets",
        ["OwnBook.ReadAsync"] = "its lines go to CsvLine.Split and AmountText.Parse, which are targets",
        ["ContextFile.Load"] = "reads a file, then ContextFile.Read",
        ["MeshOptionsFile.Load"] = "reads a file, then MeshOptionsFile.Read",
        ["NodeOptionsFile.Load"] = "reads a file, then NodeOptionsFile.Read",
        ["ActionDocument.Load"] = "reads a file, then ActionDocument.Read",
        ["DeploymentFile.Load"] = "reads a file, then DeploymentFile.Read",
        ["BackupManifest.Load"] = "reads a file, then BackupManifest.Read",
        ["OfflineDocument.Load"] = "reads a file, then OfflineDocument.Read",
        ["OfflineDocument.Decode"] = "turns the refusals of TransactionMapper.TryDecode into messages",
        ["KeystoreFolder.Load"] = "reads a file, then KeystoreJson.Read; deriving a key costs a second",
        ["ServerTrust.Load"] = "the runtime's PEM reader, on a file that the user names himself",
        ["NetworkTemplateReader.Read"] = "reads the operator's own folder; the parts are GenesisReader's",
        ["PrivateKey.Import"] = "32 bytes of a decrypted keystore, whose MAC was checked",
        ["PrivilegedCodec.ReadDuties"] = "one byte within GenesisDocument and PrivilegedOperation",
        ["Proposal.Read"] = "behind Proposal.Decode, which reads a whole message",
        ["SnapshotHead.Read"] = "behind SnapshotHead.Decode, which reads a whole head",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>What is found in src, as Type.Method.</summary>
    public static ImmutableSortedSet<string> Find() =>
    [
        .. from assembly in Sources()
           from type in assembly.GetTypes()
           where type.Namespace?.Contains(".V1", StringComparison.Ordinal) != true
           from method in type.GetMethods(
               BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
           where !method.IsPrivate && IsVerb(method.Name)
               && method.GetParameters().Any(parameter => IsOutside(parameter.ParameterType))
           select $"{type.Name}.{method.Name}",
    ];

    private static Dictionary<string, Assembly>.ValueCollection Sources()
    {
        var seen = new Dictionary<string, Assembly>(StringComparer.Ordinal);
        var open = new Queue<Assembly>(
            [
                typeof(Node.NodeHost).Assembly, typeof(Cli.Shell.CliException).Assembly,
                typeof(Mesh.MeshHost).Assembly,
            ]);
        while (open.TryDequeue(out Assembly? assembly))
        {
            if (seen.TryAdd(assembly.GetName().Name!, assembly))
            {
                foreach (AssemblyName name in assembly.GetReferencedAssemblies()
                    .Where(name => name.Name!.StartsWith("TokenLedger.", StringComparison.Ordinal)))
                {
                    open.Enqueue(Assembly.Load(name));
                }
            }
        }

        return seen.Values;
    }

    private static bool IsVerb(string name) => Verbs.Any(verb =>
        name.StartsWith(verb, StringComparison.Ordinal)
        && (name.Length == verb.Length || char.IsAsciiLetterUpper(name[verb.Length])));

    private static bool IsOutside(Type type)
    {
        Type plain = type.IsByRef ? type.GetElementType()! : type;
        return Outside.Contains(plain) || typeof(IMessage).IsAssignableFrom(plain);
    }
}
