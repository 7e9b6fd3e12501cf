(()=>{
const there={{ window|tojson }}, from=new URL(there).origin, opened=open(there,'_blank');
if(!opened){alert('The window of the catalogue was blocked: allow pop-ups for this page.');return}
addEventListener('message',(event)=>{
if(event.source===opened&&event.origin===from&&event.data==='podcat: ready')
opened.postMessage({html:document.documentElement.outerHTML,url:location.href},from)
})
})()
