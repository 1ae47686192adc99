// Answers for npm's mailauth: node answer.mjs FOLDER DNS-PORT, where FOLDER has node_modules. Each line of standard
// input is a job with tabs between its words, each line of output its answer in JSON:
//   verify FILE                                   {"dkim": ["pass r1", ...], "arc": "pass"}
//   sign FILE OUT HEADER/BODY DOMAIN SELECTOR PEM {"ok": true}
import { Resolver } from 'node:dns/promises';
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const [folder, port] = process.argv.slice(2);
const require = createRequire(folder + '/');
const { authenticate } = require('mailauth');
const { dkimSign } = require('mailauth/lib/dkim/sign');

const dns = new Resolver();
dns.setServers(['127.0.0.1:' + port]);
const resolver = (name, type) => dns.resolve(name, type);

async function verify(file) {
    const result = await authenticate(await readFile(file), {
        ip: '127.0.0.1', helo: 'client.example', sender: '', mta: 'mx.mailauth.example',
        disableBimi: true, disableDmarc: true, resolver
    });
    const dkim = result.dkim.results.map(r => `${r.status.result} ${r.selector || ''} ${r.status.comment || ''}`.trim());
    return { dkim, arc: result.arc?.status?.result };
}

async function sign(file, out, forms, signingDomain, selector, pem) {
    const message = await readFile(file);
    const result = await dkimSign(message, {
        canonicalization: forms,
        signTime: new Date(),
        signatureData: [{ signingDomain, selector, privateKey: await readFile(pem, 'utf8') }]
    });
    if (result.errors.length) {
        throw new Error(JSON.stringify(result.errors));
    }
    await writeFile(out, Buffer.concat([Buffer.from(result.signatures, 'binary'), message]));
    return { ok: true };
}

const verbs = { verify, sign };
for await (const line of createInterface({ input: process.stdin })) {
    const [verb, ...words] = line.split('\t');
    console.log(JSON.stringify(await verbs[verb](...words)));
}
